/** Octets of user data in one message (3GPP TS 23.040 §9.2.3.24); as many bits are 160 septets. */
export const USER_DATA_OCTETS = 140;
export const USER_DATA_SEPTETS = 160;

/** A service centre's address (12 octets), the longest TPDU (164 octets, §9.2.2) and some air; what is longer is cut. Chosen. */
export const MAX_PDU_OCTETS = 192;

/** Semi-octets of an address (§9.1.2.5). */
export const MAX_ADDRESS_DIGITS = 20;

/** Messages that wait for their other parts. Chosen: a modem stores 20 to 255. */
export const MAX_WAITING_MESSAGES = 64;

/** How long a part waits for the others before it is handed on as it is (promise P2). Chosen. */
export const PART_WAITS_MS = 60_000;
