/** A file as it goes in. The name may hold directories; only the base name decides the order. */
export interface SourceFile {
  readonly name: string;
  /** UTF-8 text, or the bytes. */
  readonly text: string | Uint8Array;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * Decoder or rule files in the order in which the real engine reads them: by the bytes of their base names over all
 * directories (rules-config.c). Other names than `*.xml` are left out unless any name will do; the pattern ignores case.
 */
export function inLoadOrder<T extends { readonly name: string }>(files: readonly T[], anyName = false): T[] {
  return files
    .filter((file) => anyName || /\.xml$/i.test(file.name))
    .map((file) => ({ file, key: Buffer.from(baseName(file.name)) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ file }) => file);
}
