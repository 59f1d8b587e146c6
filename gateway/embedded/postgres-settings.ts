/** Name of the role and of the database. */
export const POSTGRES_NAME = 'zhuji';

/** In the socket's name only; nothing listens on TCP. */
export const POSTGRES_PORT = 5432;

export type PostgresPlaces = { readonly data: string; readonly sockets: string };

/**
 * Arguments of the server. Given at every start, so that a newer Zhuji's settings hold for old data.
 * Statements, parameters and the details of errors would carry personal data into the log: only LOG, FATAL and PANIC are
 * written, terse; the gateway gets every error anyway and logs its code.
 */
export function planPostgresArgs({ data, sockets }: PostgresPlaces, extra: Readonly<Record<string, string>> = {}) {
  const settings: Record<string, string> = {
    listen_addresses: '',
    port: String(POSTGRES_PORT),
    unix_socket_directories: `"${sockets}"`,
    unix_socket_permissions: '0700',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_checkpoints: 'off',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    ...extra,
  };
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** `C.UTF-8` of PostgreSQL itself: the order of texts never changes with the machine's libraries, and indexes stay right. */
export function planInitdbArgs(data: string): string[] {
  return [
    ...['-D', data, '--username', POSTGRES_NAME, '--auth=trust', '--encoding=UTF8', '--data-checksums'],
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
  ];
}

/** Trusted without a password, because only who may enter the folder (0700) reaches the socket. */
export function formatDatabaseUrl(sockets: string, database = POSTGRES_NAME): string {
  return `postgresql://${POSTGRES_NAME}@${encodeURIComponent(sockets)}/${encodeURIComponent(database)}`;
}
