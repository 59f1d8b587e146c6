import type { AlarmType } from '../alarm-types.ts';

/** What a code of Contact ID asks for: an alarm of ours, a note that somebody cancelled, or nobody. */
export type CodeSense = AlarmType | 'cancel' | 'heartbeat' | 'status';

/**
 * Every code of `protocols/contact-id/codes.ts`, by what it asks of people. In doubt it rings: a sprinkler is a fire, an auxiliary zone of unknown use
 * and cold in a home are `unknown` (priority 1), and who did not disarm or come home in time may lie there. A dialler, a radio or a zone for life (fire,
 * 24-hour) that was switched off is a fault: the next cry would not come.
 */
export const CODES_OF = {
  sos: '100 101',
  inactivity: '102 453 641 642 654',
  smoke: '110 111 112 113 114 115 116 117 118 158',
  panic: '120 123',
  duress: '121 122 124 125 126 129',
  intrusion: '130 131 132 133 134 135 136 138 139 146 155 374 423',
  'door-open': '426',
  gas: '151',
  co: '162',
  water: '154',
  unknown: '140 150 153 159 161',
  service: '616',
  tamper: '137 144 145 316 341 383 461',
  'low-battery': '302 309 311 338 384',
  'mains-lost': '301 314 342',
  'device-fault':
    '141 142 143 147 152 156 157 163 168 169 200 201 202 203 204 205 206 300 303 304 307 308 310 312 320 321 322 323 324 ' +
    '325 326 327 330 331 332 333 334 335 336 337 343 344 345 350 351 352 353 354 355 356 357 358 359 370 371 372 373 375 ' +
    '376 377 378 380 381 382 385 386 387 388 389 391 392 393 394 427 428 432 551 552 571 572 608 626',
  test: '601 604 607 611 613 614 615',
  cancel: '406',
  heartbeat: '602 603',
  status:
    '305 306 313 339 360 400 401 402 403 404 405 407 408 409 411 412 413 414 415 416 421 422 424 425 429 430 431 433 434 ' +
    '441 442 450 451 452 454 455 456 457 458 459 462 463 464 465 466 501 520 521 522 523 524 525 526 527 531 532 ' +
    '553 570 573 574 575 576 577 605 606 609 612 621 622 623 624 625 627 628 629 630 631 632 651 652 653',
} as const satisfies Partial<Record<CodeSense, string>>;

const SENSES: ReadonlyMap<string, CodeSense> = new Map(
  Object.entries(CODES_OF).flatMap(([sense, codes]) => codes.split(' ').map((code) => [code, sense as CodeSense])),
);

/** Undefined for a code that stands in no list: an alarm, because nobody knows that it is none. */
export function senseOfContactId(code: string): CodeSense | undefined {
  return SENSES.get(code);
}
