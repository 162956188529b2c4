#!/usr/bin/env node
// What these set is looked at by modules that are loaded later: a bundle may put all others in front of them.
import "./commands/v8-flags.js";
import "./commands/plain-in-pipes.js";

await import("./commands/main.js");
