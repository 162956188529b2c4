/** One event on its way through the engine: what was read from it and what was decided. */
import type { Bytes } from "./bytes.js";
import { type FieldNames, type NextName, noNames } from "./field-names.js";
import type { Decoder, Rule, StaticField } from "./model.js";
import type { Predecoded } from "./predecoder.js";

/** Position in the log that was never set. */
export const UNSET = -1;

export class EngineEvent implements Record<StaticField, Bytes | null> {
  /** As the predecoder left it; decoders may change the members below, not this. */
  readonly predecoded: Predecoded;
  /** Whole epoch seconds. */
  readonly time: number;
  /** Bytes of the log before any decoder changed it. */
  readonly size: number;

  fullLog: Bytes;
  log: Bytes;
  hostname: Bytes;
  location: Bytes;
  readonly programName: Bytes | null;
  readonly agentId: Bytes;

  decoder: Decoder | null = null;
  /** Offsets in the log from which a plug-in may read. */
  afterParent = UNSET;
  afterPrematch = UNSET;
  /** A plug-in filled the fields: they may not be parts of the log. */
  usedPlugin = false;
  /** A field was filled with what an earlier event or the program name's pattern had captured. */
  borrowed = false;
  /** JSON named characters by number (`\u00e9`), which may have become bytes that the message has not. */
  namedCharacters = false;
  /** What fields it has are strings and the like that JSON wrote without an escape, or arrays. */
  jsonWasPlain = false;
  /** The accumulator ran for it. */
  accumulated = false;

  srcip: Bytes | null = null;
  dstip: Bytes | null = null;
  srcport: Bytes | null = null;
  dstport: Bytes | null = null;
  protocol: Bytes | null = null;
  action: Bytes | null = null;
  srcuser: Bytes | null = null;
  dstuser: Bytes | null = null;
  id: Bytes | null = null;
  status: Bytes | null = null;
  url: Bytes | null = null;
  data: Bytes | null = null;
  extra_data: Bytes | null = null;
  system_name: Bytes | null = null;
  /** Dynamic fields in the order in which they were found; a name may occur several times. */
  names: FieldNames = noNames();
  readonly values: Bytes[] = [];

  rule: Rule | null = null;
  /** How often the rule has fired in the session, this time included. */
  firedTimes = 0;
  /** It passed every rule check and was added to the list of events. */
  accepted = false;
  /** Level of the composite rule that it completed: its number of events is used up, itself among them. */
  matched = 0;
  /** Events that a composite rule counted, or the previous output of a changed one. */
  lastEvents: Bytes[] = [];
  /** The previous log, from check_diff. */
  previous: Bytes | null = null;

  readonly #messageIsAscii: boolean;

  /** @param ascii the message, and all names that decoders give to fields, are known to be ASCII */
  constructor(fullLog: Bytes, predecoded: Predecoded, time: number, ascii = false) {
    this.#messageIsAscii = ascii;
    this.predecoded = predecoded;
    this.time = time;
    this.size = predecoded.log.length;
    this.fullLog = fullLog;
    this.log = predecoded.log;
    this.hostname = predecoded.hostname;
    this.location = predecoded.location;
    this.programName = predecoded.programName;
    this.agentId = predecoded.agentId;
  }

  /** All that was read from the message is known to be ASCII. */
  get isAscii(): boolean {
    return this.#messageIsAscii && !this.namedCharacters && !this.accumulated && !this.borrowed;
  }

  /** Every field is a part of the log: no plug-in and no earlier event had a hand in it. */
  get isCutFromLog(): boolean {
    return !this.usedPlugin && !this.accumulated && !this.borrowed;
  }

  /** Nothing in its fields needs an escape to be written as JSON, but in those that begin like an array. */
  get hasPlainFields(): boolean {
    return this.jsonWasPlain && !this.accumulated;
  }

  addField(name: Bytes, value: Bytes): void {
    this.#add(this.names.with(name), value);
  }

  /** The same for whoever gives many events fields of this name. */
  addNext(name: NextName, value: Bytes): void {
    this.#add(name.behind(this.names), value);
  }

  #add(names: FieldNames, value: Bytes): void {
    this.names = names;
    this.values.push(value);
  }

  /**
   * First value of a dynamic field.
   * @param name in lower case: names compare without regard to ASCII case
   */
  field(name: Bytes): Bytes | undefined {
    const place = this.names.placeOf(name);
    return place === -1 ? undefined : this.values[place];
  }
}

/** Readers of the static fields: one of its own for each is several times faster than a look-up by name. */
export const READ_STATIC: Readonly<Record<StaticField, (event: EngineEvent) => Bytes | null>> = {
  srcip: (event) => event.srcip,
  dstip: (event) => event.dstip,
  srcport: (event) => event.srcport,
  dstport: (event) => event.dstport,
  protocol: (event) => event.protocol,
  action: (event) => event.action,
  srcuser: (event) => event.srcuser,
  dstuser: (event) => event.dstuser,
  id: (event) => event.id,
  status: (event) => event.status,
  url: (event) => event.url,
  data: (event) => event.data,
  extra_data: (event) => event.extra_data,
  system_name: (event) => event.system_name,
};

/** A set of static fields: one bit each, in the order of STATIC_FIELDS. */
export type StaticSet = number;

/** Those that the event has. One by one: a loop over names would look each of them up. */
export function staticsOf(event: EngineEvent): StaticSet {
  return (
    (event.srcip === null ? 0 : 1) |
    (event.dstip === null ? 0 : 2) |
    (event.srcport === null ? 0 : 4) |
    (event.dstport === null ? 0 : 8) |
    (event.protocol === null ? 0 : 16) |
    (event.action === null ? 0 : 32) |
    (event.srcuser === null ? 0 : 64) |
    (event.dstuser === null ? 0 : 128) |
    (event.id === null ? 0 : 256) |
    (event.status === null ? 0 : 512) |
    (event.url === null ? 0 : 1024) |
    (event.data === null ? 0 : 2048) |
    (event.extra_data === null ? 0 : 4096) |
    (event.system_name === null ? 0 : 8192)
  );
}

/** Their writers. */
export const WRITE_STATIC: Readonly<Record<StaticField, (event: EngineEvent, value: Bytes) => void>> = {
  srcip: (event, value) => {
    event.srcip = value;
  },
  dstip: (event, value) => {
    event.dstip = value;
  },
  srcport: (event, value) => {
    event.srcport = value;
  },
  dstport: (event, value) => {
    event.dstport = value;
  },
  protocol: (event, value) => {
    event.protocol = value;
  },
  action: (event, value) => {
    event.action = value;
  },
  srcuser: (event, value) => {
    event.srcuser = value;
  },
  dstuser: (event, value) => {
    event.dstuser = value;
  },
  id: (event, value) => {
    event.id = value;
  },
  status: (event, value) => {
    event.status = value;
  },
  url: (event, value) => {
    event.url = value;
  },
  data: (event, value) => {
    event.data = value;
  },
  extra_data: (event, value) => {
    event.extra_data = value;
  },
  system_name: (event, value) => {
    event.system_name = value;
  },
};
