/**
 * The scripts that run inside Redis: each is one atomic step. They work from Redis 6 on and in Valkey, and all keys of
 * a cache share one hash slot.
 *
 * The control keys are
 * - `meta` (hash): `e` epoch, `n` number of the last invalidation, `r` its nonce, `o` number of the last fill,
 *   `f` and `g` floors: nothing is known any more of scopes (f) and keys (g) invalidated at or before them,
 *   `a` last change of the log that is applied, `u` run id of the server that began the epoch;
 * - `tags` (sorted set): scope → number of its last invalidation; `keys` likewise for single keys. Both hold a member
 *   `=EPOCH`, so that a server that evicts any of the three is found out.
 *
 * An entry is a hash: `e` epoch, `s` number at the start of its fill, `o` the fill's order, `t` scopes (lines),
 * `x` milliseconds at the end of its life during which it is stale, `d` the data.
 */

const CURRENT = `
local meta, tags, keys = KEYS[1], KEYS[2], KEYS[3]
local m = redis.call('HMGET', meta, 'e', 'n', 'r', 'f', 'g', 'a', 'u')
local epoch, n = m[1], tonumber(m[2] or '0')
local own = epoch and '=' .. epoch
local whole = epoch and redis.call('ZSCORE', tags, own) and redis.call('ZSCORE', keys, own)
local function clear(since, scopes)
  if since == n then return true end
  if since < tonumber(m[4]) then return false end
  for scope in string.gmatch(scopes, '[^\\n]+') do
    local stamp = redis.call('ZSCORE', tags, scope)
    if stamp and tonumber(stamp) > since then return false end
  end
  return true
end
`;

/**
 * KEYS meta tags keys entry lease; ARGV token (NODE.NUMBER) leaseMs minFreshMs. A node that asks again takes over from
 * itself: it has given its earlier fill up. → epoch n lease order [remaining scopes data]
 */
export const READ = `${CURRENT}
if not whole then return {''} end
local function holder(token) return string.match(token, '^(.*)%.') or token end
local v = redis.call('HMGET', KEYS[4], 'e', 's', 'x', 't', 'd')
local found = v[1] == epoch and clear(tonumber(v[2]), v[4])
local left = found and redis.call('PTTL', KEYS[4]) or 0
local lease, order = 'none', 0
if ARGV[1] ~= '' and (not found or left - tonumber(v[3]) <= tonumber(ARGV[3])) then
  local held = redis.call('GET', KEYS[5])
  if held and string.sub(held, 1, 1) ~= '!' and holder(held) ~= holder(ARGV[1]) then
    lease = 'held'
  else
    local o = redis.pcall('HINCRBY', meta, 'o', 1)
    local taken = type(o) == 'number' and redis.pcall('SET', KEYS[5], ARGV[1], 'PX', ARGV[2])
    if taken and not taken.err then lease, order = 'granted', o end
  end
end
if found then return {epoch, n, lease, order, left, v[4], v[5]} end
return {epoch, n, lease, order}
`;

/** KEYS meta tags keys entry lease; ARGV epoch n order token life staleMs scopes data keyScope fenceMs. */
export const STORE = `${CURRENT}
local held = redis.call('GET', KEYS[5])
if not whole or epoch ~= ARGV[1] then
  if held == ARGV[4] then redis.call('DEL', KEYS[5]) end
  return 'lost'
end
local since, order = tonumber(ARGV[2]), tonumber(ARGV[3])
local stamp = redis.call('ZSCORE', keys, ARGV[9])
local outcome = 'stored'
if since < tonumber(m[5]) or (stamp and tonumber(stamp) > since) or not clear(since, ARGV[7]) then
  outcome = 'fenced'
else
  local newest = held and string.sub(held, 1, 1) == '!' and tonumber(string.sub(held, 2)) or 0
  local there = redis.call('HMGET', KEYS[4], 'e', 'o')
  if there[1] == epoch then newest = math.max(newest, tonumber(there[2])) end
  if newest > order then outcome = 'superseded' end
end
if outcome == 'stored' then
  local put = redis.pcall('HSET', KEYS[4], 'e', epoch, 's', since, 'o', order, 't', ARGV[7], 'x', ARGV[6], 'd', ARGV[8])
  if type(put) == 'table' and put.err then
    redis.call('DEL', KEYS[4], KEYS[5])
    return 'full'
  end
  redis.call('PEXPIRE', KEYS[4], ARGV[5])
  redis.pcall('SET', KEYS[5], '!' .. ARGV[3], 'PX', ARGV[10])
elseif held == ARGV[4] then
  redis.call('DEL', KEYS[5])
end
return outcome
`;

/**
 * The common part of INVALIDATE and SET: number the invalidation, note the scopes, tell the others. When memory is full
 * and nothing can be noted, the epoch is given up: that takes no memory, and everyone stops believing what is stored.
 */
const BUMP = `
local function bump(nonce, maxTags, maxKeys, scopes, channel, message)
  if not whole then return nil end
  local stamped = redis.pcall('HINCRBY', meta, 'n', 1)
  if type(stamped) == 'number' then
    n = stamped
    stamped = redis.pcall('HSET', meta, 'r', nonce)
  end
  for scope in string.gmatch(scopes, '[^\\n]+') do
    if type(stamped) == 'table' and stamped.err then break end
    if scope == '*' then
      stamped = redis.pcall('HSET', meta, 'f', n, 'g', n)
      m[4], m[5] = n, n
      redis.call('ZREMRANGEBYSCORE', tags, 0, '(' .. n)
      redis.call('ZREMRANGEBYSCORE', keys, 0, '(' .. n)
    else
      stamped = redis.pcall('ZADD', string.sub(scope, 1, 2) == 'k|' and keys or tags, n, scope)
    end
  end
  if type(stamped) == 'table' and stamped.err then
    redis.call('DEL', meta, tags, keys)
    redis.call('PUBLISH', channel, message .. '\\n\\n0\\n' .. nonce)
    return nil
  end
  local function trim(set, limit, field)
    local extra = redis.call('ZCARD', set) - limit
    if extra <= 0 then return end
    local dropped = redis.call('ZRANGE', set, 0, extra, 'WITHSCORES')
    redis.call('ZREMRANGEBYSCORE', set, 0, dropped[#dropped])
    redis.call('HSET', meta, field, dropped[#dropped])
  end
  trim(tags, maxTags, 'f')
  trim(keys, maxKeys, 'g')
  redis.call('PUBLISH', channel, message .. '\\n' .. epoch .. '\\n' .. n .. '\\n' .. nonce .. '\\n' .. scopes)
  return n
end
`;

/** KEYS meta tags keys entry…; ARGV nonce maxTags maxKeys scopes channel message. → epoch n, or nothing. */
export const INVALIDATE = `${CURRENT}${BUMP}
for i = 4, #KEYS do redis.call('UNLINK', KEYS[i]) end
local stamp = bump(ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6])
if not stamp then return {''} end
return {epoch, stamp}
`;

/**
 * KEYS meta tags keys entry lease; ARGV as INVALIDATE, then life staleMs scopes data, and epoch n that the caller had
 * seen: the value isn't stored when the key or something it depends on was invalidated after that. → epoch n, or nothing.
 */
export const SET = `${CURRENT}${BUMP}
redis.call('UNLINK', KEYS[4])
local seen = tonumber(ARGV[12])
local current = whole and epoch == ARGV[11] and clear(seen, ARGV[9])
  and seen >= tonumber(m[5]) and tonumber(redis.call('ZSCORE', keys, ARGV[4]) or 0) <= seen
local stamp = bump(ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6])
if not stamp then return {''} end
if not current then return {epoch, stamp} end
local order = redis.pcall('HINCRBY', meta, 'o', 1)
if type(order) == 'number' then
  redis.pcall('HSET', KEYS[4], 'e', epoch, 's', stamp, 'o', order, 't', ARGV[9], 'x', ARGV[8], 'd', ARGV[10])
  redis.call('PEXPIRE', KEYS[4], ARGV[7])
end
return {epoch, stamp}
`;

/** KEYS lease; ARGV token milliseconds. */
export const RENEW = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
`;

/** KEYS lease; ARGV token. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/**
 * KEYS meta tags keys; ARGV freshEpoch knownEpoch knownN knownNonce appliedChange limit.
 * → epoch n nonce appliedChange complete [scope…]
 */
export const SYNC = `${CURRENT}
local info = redis.pcall('INFO', 'server')
local run = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
local sameEpoch = epoch and epoch == ARGV[2]
local known = sameEpoch and tonumber(ARGV[3]) or -1
local rewound = sameEpoch and (n < known or (n == known and m[3] ~= ARGV[4]))
if not whole or m[7] ~= run or rewound then
  redis.call('DEL', meta, tags, keys)
  epoch, n, known, sameEpoch = ARGV[1], 0, -1, false
  redis.call('HSET', meta, 'e', epoch, 'n', 0, 'r', epoch, 'o', 0, 'f', 0, 'g', 0, 'a', ARGV[5], 'u', run)
  redis.call('ZADD', tags, 'inf', '=' .. epoch)
  redis.call('ZADD', keys, 'inf', '=' .. epoch)
  return {epoch, 0, epoch, ARGV[5], 0}
end
if tonumber(ARGV[5]) > tonumber(m[6]) then
  redis.call('HSET', meta, 'a', ARGV[5])
  m[6] = ARGV[5]
end
local reply = {epoch, n, m[3], m[6], 1}
if not sameEpoch or known < tonumber(m[4]) or known < tonumber(m[5]) then
  reply[5] = 0
  return reply
end
local limit = tonumber(ARGV[6])
for _, set in ipairs({tags, keys}) do
  local missed = redis.call('ZRANGEBYSCORE', set, '(' .. known, '(inf', 'LIMIT', 0, limit + 1)
  if #missed > limit then
    reply[5] = 0
    return reply
  end
  for _, scope in ipairs(missed) do reply[#reply + 1] = scope end
end
return reply
`;
