/** TLS to a manager whose certificate is checked before a single byte is sent: by an authority, or by its fingerprint. */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { connect } from "node:tls";
import { problem, systemReason } from "../../diagnostics/problem.js";

export interface Trust {
  /** File of the certificate authority, in PEM. Default: the system's authorities. */
  readonly ca?: string;
  /** SHA-256 of the manager's own certificate, in hex, with or without colons; nothing else of it is looked at then. */
  readonly fingerprint?: string;
}

/** The certificate is not the one that was named. */
export class CertificateRefused extends Error {
  override readonly name = "CertificateRefused";
}

export function trustingAgent({ ca, fingerprint }: Trust): Agent {
  if (fingerprint !== undefined) return new PinnedAgent(plain(fingerprint));
  return new Agent({ keepAlive: true, ...(ca !== undefined && { ca: readAuthority(ca) }) });
}

function readAuthority(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw problem(3, {
      code: "ca-missing",
      message: `cannot read the certificate authority ${file}: ${systemReason(error)}`,
    });
  }
}

class PinnedAgent extends Agent {
  readonly #fingerprint: string;

  constructor(fingerprint: string) {
    super({ keepAlive: true });
    this.#fingerprint = fingerprint;
  }

  /** Hands the connection over only when the handshake is done and the certificate is the named one. */
  override createConnection(...[options, done]: Parameters<Agent["createConnection"]>): undefined {
    const socket = connect({ ...(options as object), rejectUnauthorized: false });
    const fail = (error: Error) => done?.(error, socket);
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      socket.off("error", fail);
      const found = plain(socket.getPeerCertificate().fingerprint256 ?? "");
      if (found === this.#fingerprint) done?.(null, socket);
      else {
        socket.destroy();
        fail(new CertificateRefused(`its certificate has the fingerprint ${found}, not the one in deploy.yaml`));
      }
    });
  }
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}
