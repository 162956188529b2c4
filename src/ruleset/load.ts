/** Decoder, rule and list files to the ruleset that the engine runs, as the real loader would. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { type Bytes, toBytes } from "../engine/bytes.js";
import type { Ruleset } from "../engine/model.js";
import type { Expression } from "../engine/regex/expression.js";
import { readDecoderFile } from "./decoder-file.js";
import { DecoderTreeBuilder } from "./decoder-tree.js";
import { type ListFile, ListTable } from "./list-table.js";
import { inLoadOrder, type SourceFile } from "./load-order.js";
import { Reporter, RulesetRefused } from "./reporter.js";
import type { RuleContext } from "./rule-body.js";
import { RuleBuilder } from "./rule-build.js";
import { readRuleFile } from "./rule-file.js";
import { RuleTreeBuilder } from "./rule-tree.js";

export type { ListFile, SourceFile };

/** What the real engine takes from ossec.conf and its internal options. */
export interface LoadConfiguration {
  /** analysisd.decoder_order_size: most fields of an order, of a rule, of an event. Default 256. */
  readonly decoderOrderSize?: number;
  /** From this level on a rule's alerts are logged (`log_alert_level`). Default 3. */
  readonly logAlertLevel?: number;
  /** From this level on a rule's alerts are mailed (`email_alert_level`). Default 12. */
  readonly emailAlertLevel?: number;
  /** The lists declared with `<list>`, in order. Default: all that are given. */
  readonly lists?: readonly string[];
  /** Take decoder and rule files that are not called `*.xml` too: a configuration chose them. Default false. */
  readonly anyFileName?: boolean;
}

export interface RulesetInput {
  readonly decoders: readonly SourceFile[];
  readonly rules: readonly SourceFile[];
  readonly lists?: readonly ListFile[];
  readonly configuration?: LoadConfiguration;
  /** Expressions of rulesets that were loaded before, for a caller that loads many which differ in little. */
  readonly expressions?: Map<string, Expression>;
}

export interface LoadResult {
  /** Null when the real engine would refuse to start, or when ours cannot say what it would do. */
  readonly ruleset: Ruleset | null;
  /**
   * Severities are the real engine's: a warning is a rule, a list or an option that it drops; an error need not stop
   * the load. After one that does, the rest is not read.
   */
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads a ruleset. The order of the files does not matter: they are read by base name. */
export function loadRuleset(input: RulesetInput): LoadResult {
  const reporter = new Reporter(input.expressions);
  try {
    return { ruleset: load(input, reporter), diagnostics: reporter.diagnostics };
  } catch (error) {
    if (!(error instanceof RulesetRefused)) throw error;
    return { ruleset: null, diagnostics: reporter.diagnostics };
  }
}

function load({ decoders, rules, lists = [], configuration = {} }: RulesetInput, reporter: Reporter): Ruleset {
  const { decoderOrderSize = 256, logAlertLevel = 3, emailAlertLevel = 12, anyFileName = false } = configuration;
  const sources = (files: readonly SourceFile[]) => inLoadOrder(files, anyFileName).map(asBytes);

  const decoderTree = new DecoderTreeBuilder(reporter);
  for (const file of sources(decoders)) readDecoderFile(file, decoderTree, decoderOrderSize, reporter);
  const decoderTrees = decoderTree.build();

  const declared = configuration.lists ?? lists.map((list) => list.name);
  const listTable = new ListTable(declared, lists, reporter);

  const ruleTree = new RuleTreeBuilder(reporter);
  const context: RuleContext = {
    reporter,
    lists: listTable,
    decoderIds: decoderTrees.ids,
    orderSize: decoderOrderSize,
    mailLevel: emailAlertLevel,
    logLevel: logAlertLevel,
  };
  const frequencies = sources(rules).map((file) => readRuleFile(file, ruleTree, context));

  const builder = new RuleBuilder();
  return {
    decodersWithProgramName: decoderTrees.withProgramName,
    decodersWithoutProgramName: decoderTrees.withoutProgramName,
    rules: builder.tree(ruleTree.roots),
    ruleById: new Map([...ruleTree.byId].map(([id, draft]) => [id, builder.rule(draft)])),
    lists: listTable.lists,
    orderSize: decoderOrderSize,
    maxFrequency: Math.max(0, ...frequencies),
  };
}

function asBytes(file: SourceFile): { name: string; text: Bytes } {
  return { name: file.name, text: toBytes(file.text) };
}
