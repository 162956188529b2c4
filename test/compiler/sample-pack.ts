import { branch, decoder, type PackNode, pack, pcre2, rule, useCase } from "../../src/index.js";

export const sampleDecoder = decoder({
  name: "sample",
  description: "sample",
  prefix: "s.",
  entries: [{ prematch: pcre2("^sample ") }],
  branches: [branch({ name: "sample-all", extract: [pcre2("^sample (?<srcuser>\\w+) (?<verb>\\w+)")] })],
});

/** A pack with one rule per key, all on one decoder. */
export function packOf(keys: readonly string[], ids: readonly [number, number] = [100_000, 100_099]): PackNode {
  const rules = keys.map((key) =>
    rule({
      key,
      level: 5,
      on: sampleDecoder,
      where: { "s.verb": pcre2(`^${key}$`) },
      description: `$(srcuser) did ${key}`,
    }),
  );
  return pack({
    name: "sample",
    title: "Sample",
    group: "sample",
    ids,
    decoders: [sampleDecoder],
    base: [],
    useCases: [
      useCase({ key: "only", title: "Only", summary: "only", group: "only", attack: [], compliance: {}, rules }),
    ],
  });
}
