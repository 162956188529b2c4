import type { Fail } from "./check-site-policy.js";
import { networkFault } from "./places.js";
import type { SitePolicy } from "./site-policy.js";

/** Places, windows, the accounts that are bound to them, and exceptions: what each names must be there. */
export function checkPeople(policy: SitePolicy, fail: Fail): void {
  const { accounts, places = {}, windows = {}, exceptions = [] } = policy;
  for (const [place, networks] of Object.entries(places))
    networks.forEach((network, index) => {
      const fault = networkFault(network);
      fail(
        "place-network",
        ["places", place, index],
        fault && `place ${place} lists ${JSON.stringify(network)}: ${fault}`,
        "as in 10.1.0.0/16, 2001:db8::/32, 192.0.2.7 or local",
      );
    });
  for (const [window, { hours }] of Object.entries(windows)) {
    const [from, to] = hours?.split("-") ?? [];
    if (from !== undefined && from === to)
      fail("window-hours", ["windows", window, "hours"], `window ${window} begins and ends at ${from}`);
  }
  for (const [account, { from = [], during }] of Object.entries(accounts)) {
    from.forEach((place, index) => {
      fail(
        "place-unknown",
        ["accounts", account, "from", index],
        Object.hasOwn(places, place) ? null : `account ${account} is bound to the place ${place}, which is not there`,
        known("places", places),
      );
    });
    fail(
      "window-unknown",
      ["accounts", account, "during"],
      during === undefined || Object.hasOwn(windows, during)
        ? null
        : `account ${account} is bound to the window ${during}, which is not there`,
      known("windows", windows),
    );
  }
  const names = new Set<string>();
  exceptions.forEach(({ name, expires }, index) => {
    fail(
      "exception-twice",
      ["exceptions", index, "name"],
      names.has(name) ? `there is a second exception called ${name}` : null,
    );
    names.add(name);
    fail(
      "exception-date",
      ["exceptions", index, "expires"],
      isDay(expires) ? null : `exception ${name} expires on ${expires}, which is no day`,
    );
  });
}

function known(what: string, named: object): string {
  const names = Object.keys(named);
  return names.length > 0 ? `${what}: ${names.join(", ")}` : `there are no ${what} in this policy`;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
