/**
 * The accumulator (`accumulator.c`): events of one host, decoder and id lend each other the fields that one of them
 * lacks.
 */
import type { Bytes } from "../bytes.js";
import type { EngineEvent } from "../event.js";

const EXPIRY_SECONDS = 120;
const PURGE_LOOKUPS = 200;
const PURGE_SECONDS = 300;
const KEY_SIZE = 256;
const VALUE_SIZE = 80;
/** Before the first event: no time of an event. */
const UNSTARTED = Number.NEGATIVE_INFINITY;

const FIELDS = ["dstuser", "srcuser", "dstip", "srcip", "dstport", "srcport", "data"] as const;
type Lent = { [field in (typeof FIELDS)[number]]: Bytes | null };

interface Store extends Lent {
  timestamp: number;
}

/** Bounded as the real one: what is older than two minutes goes at every 200th look-up. */
export class Accumulator {
  readonly #stores = new Map<Bytes, Store>();
  #lookups = 0;
  #purgedAt = UNSTARTED;

  /** To be called with the time of the session's first event; later ones change nothing. */
  startAt(time: number): void {
    // Always set: what only the first event does would make V8 compile what calls this anew for each session.
    this.#purgedAt = this.#purgedAt === UNSTARTED ? time : this.#purgedAt;
  }

  accumulate(event: EngineEvent, decoderName: Bytes): void {
    if (event.id === null) return;
    const now = event.time;
    this.#purge(now);
    const key = `${event.hostname} ${decoderName} ${event.id}`;
    if (key.length >= KEY_SIZE) return;
    let store = this.#stores.get(key);
    if (store === undefined || (store.timestamp > 0 && store.timestamp < now - EXPIRY_SECONDS)) {
      store = newStore();
      this.#stores.set(key, store);
    } else {
      lend(store, event);
    }
    store.timestamp = now;
    lend(event, store);
  }

  #purge(now: number): void {
    this.#lookups++;
    if (this.#lookups < PURGE_LOOKUPS && this.#purgedAt < now + PURGE_SECONDS) return;
    this.#lookups = 0;
    this.#purgedAt = now;
    for (const [key, store] of this.#stores) {
      if (store.timestamp < now - EXPIRY_SECONDS) this.#stores.delete(key);
    }
  }
}

function newStore(): Store {
  return {
    timestamp: 0,
    dstuser: null,
    srcuser: null,
    dstip: null,
    srcip: null,
    dstport: null,
    srcport: null,
    data: null,
  };
}

/** Fill what is empty in `to`; long values are not lent. */
function lend(from: Readonly<Lent>, to: Lent): void {
  for (const field of FIELDS) {
    const value = from[field];
    if (value !== null && value !== "" && value.length <= VALUE_SIZE && (to[field] ?? "") === "") to[field] = value;
  }
}
