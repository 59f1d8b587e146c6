/**
 * What TP-Status says of a message (3GPP TS 23.040 §9.2.3.15): arrived (0x00–0x02, and the centre's own 0x10–0x1F), still on its way
 * (0x20–0x3F: the centre tries on), or never (0x40–0x7F; what is reserved counts so too).
 */
export function deliveryOf(status: number): 'delivered' | 'trying' | 'failed' {
  if (status <= 0x02 || (status >= 0x10 && status <= 0x1f)) return 'delivered';
  return status >= 0x20 && status <= 0x3f ? 'trying' : 'failed';
}
