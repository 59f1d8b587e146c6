export type LinkErrorCode = 'port-in-use' | 'port-forbidden' | 'listen-failed' | 'stopped';

/**
 * A link cannot do what it was asked.
 * - `port-in-use`, `port-forbidden`, `listen-failed`: at start; choose another port or host, or free it
 * - `stopped`: the link does not run; start it first
 */
export class LinkError extends Error {
  readonly code: LinkErrorCode;
  /** Name of the link, where it is known. */
  readonly link: string | null;

  constructor(code: LinkErrorCode, message: string, options?: ErrorOptions & { readonly link?: string }) {
    super(message, options);
    this.name = 'LinkError';
    this.code = code;
    this.link = options?.link ?? null;
  }

  /** From what `server.listen` reports. */
  static ofListen(error: NodeJS.ErrnoException, address: string, link: string): LinkError {
    const code =
      error.code === 'EADDRINUSE' ? 'port-in-use' : error.code === 'EACCES' ? 'port-forbidden' : 'listen-failed';
    return new LinkError(code, `Cannot listen on ${address}: ${error.code ?? error.message}`, { cause: error, link });
  }
}
