/**
 * Colours are for terminals: without this, a program that CI runs would write them into files too. Loaded before whatever
 * colours, which looks only once.
 */
if (!process.env.FORCE_COLOR && !(process.stdout.isTTY && process.stderr.isTTY)) process.env.NO_COLOR = "1";
