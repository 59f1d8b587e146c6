/** Chosen: LEN of the standard ends at 0FFF (DC-09 §5.4.3), a quarter of this. LF and CR count. */
export const MAX_FRAME_BYTES = 16_384;

/** Chosen: blocks of extended data in one frame; the standard names 16 letters. */
export const MAX_XDATA = 32;

/** Bytes of an AES block. */
export const BLOCK_BYTES = 16;
