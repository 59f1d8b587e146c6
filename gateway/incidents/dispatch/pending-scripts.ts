/**
 * A page of what one consumer has read and not acknowledged, with how often each entry was delivered: `{id, text or false,
 * deliveries}`. Reading it again counts as no delivery, unless it is asked to count: once for each life of a process. So
 * the number says how many processes an entry has seen.
 *
 * KEYS[1]: stream. ARGV: group, consumer, field, after (`0`: from the beginning), how many, `count` or `read`.
 */
export const PENDING_SCRIPT = `
local function textOf(id)
  local found = redis.call('XRANGE', KEYS[1], id, id)[1]
  if not found then return false end
  for n = 1, #found[2], 2 do if found[2][n] == ARGV[3] then return found[2][n + 1] end end
  return false
end
local from = '-'
if ARGV[4] ~= '0' then from = '(' .. ARGV[4] end
local page = {}
for _, row in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], from, '+', ARGV[5], ARGV[2])) do
  local id, deliveries, text = row[1], row[4], textOf(row[1])
  if text and ARGV[6] == 'count' then
    deliveries = deliveries + 1
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, id, 'RETRYCOUNT', deliveries, 'JUSTID')
  end
  page[#page + 1] = {id, text, deliveries}
end
return page
`;

/**
 * Takes over a page of what consumers have left that have not been heard of for a time: one that is heard of has its entries
 * in hand, however long they wait there. It is itself heard of by this: Redis before 7.2 hears only of reads that found
 * something, and of one of what is pending, here of the far future. Answers as above, and counts as a delivery;
 * what is gone from the stream is left out.
 *
 * KEYS[1]: stream. ARGV: group, consumer, field, idle milliseconds, how many.
 */
export const TAKE_OVER_SCRIPT = `
local idle = tonumber(ARGV[4])
redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', 1, 'STREAMS', KEYS[1], '9999999999999999-0')
local page = {}
for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local other = {}
  for n = 1, #fields, 2 do other[fields[n]] = fields[n + 1] end
  local room = tonumber(ARGV[5]) - #page
  if other.name ~= ARGV[2] and other.pending > 0 and other.idle >= idle and room > 0 then
    for _, row in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], 'IDLE', idle, '-', '+', room, other.name)) do
      local entry = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], idle, row[1])[1]
      if entry then
        local text = false
        for n = 1, #entry[2], 2 do if entry[2][n] == ARGV[3] then text = entry[2][n + 1] end end
        page[#page + 1] = {entry[1], text, row[4] + 1}
      end
    end
  end
end
return page
`;
