import type { SourceFile } from "./load.js";

/**
 * What every manager has around a pack and the pack cannot do without: the rule below which rules of the category syslog
 * stand, and a decoder of either kind, without which the real engine does not load.
 */
export const STANDALONE_RULES: SourceFile = {
  name: "ruleset/rules/0000-standalone.xml",
  text: '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>Syslog</description></rule></group>',
};

export const STANDALONE_DECODERS: SourceFile = {
  name: "ruleset/decoders/zzzz-standalone.xml",
  text: '<decoder name="standalone-program"><program_name>^standalone-program$</program_name></decoder><decoder name="standalone-line"><prematch>^standalone-line</prematch></decoder>',
};
