/** Files that are there whole or not at all, and stay there when the machine stops the moment after. */
import { chmod, chown, link, open, rename, rm, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Ends every name that a write uses before its file is whole. */
export const TEMPORARY = ".rulewright.tmp";

export async function writeDurably(file: string, bytes: Uint8Array, ownership: Ownership): Promise<void> {
  const fresh = await writeBeside(file, bytes, ownership);
  await rename(fresh, file);
  await syncDirectory(dirname(file));
}

/** False when the file is there already. */
export async function createDurably(file: string, bytes: Uint8Array, ownership: Ownership): Promise<boolean> {
  const fresh = await writeBeside(file, bytes, ownership, String(process.pid));
  try {
    await link(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  await syncDirectory(dirname(file));
  return true;
}

/** No failure when there is none. */
export async function removeDurably(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  await syncDirectory(dirname(file));
}

/** The owner and mode that a file has; null when there is none. */
export async function ownershipOf(file: string): Promise<Ownership | null> {
  const found = await stat(file).catch(() => null);
  return found && { uid: found.uid, gid: found.gid, mode: found.mode & 0o7777 };
}

async function writeBeside(file: string, bytes: Uint8Array, owner: Ownership, suffix = ""): Promise<string> {
  const fresh = join(dirname(file), `.${basename(file)}${suffix}${TEMPORARY}`);
  try {
    await rm(fresh, { force: true });
    const handle = await open(fresh, "wx", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const made = await stat(fresh);
    if (made.uid !== owner.uid || made.gid !== owner.gid) await chown(fresh, owner.uid, owner.gid);
    await chmod(fresh, owner.mode);
    return fresh;
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {});
    throw error;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  await handle.sync().finally(() => handle.close());
}
