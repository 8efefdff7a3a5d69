'use strict';
// Checks a proof of the audit log in the browser, with nothing but WebCrypto. It trusts no answer of
// the server: what is not signed, or does not lead to what was signed, fails.
//
//   entry  --SHA-256(0x00 ‖ entry)-->  leaf hash  --path-->  root  ==  root of the signed checkpoint
//   field  --SHA-256(salt ‖ value)-->  commitment in the entry
//   kept checkpoint  --consistency (RFC 9162, 2.1.4)-->  checkpoint of now
const AuditProof = (() => {
  const text = new TextEncoder();
  const TILE = 256;

  const bytes = base64 => Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
  const base64 = array => btoa(String.fromCharCode(...array));
  const joined = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => { all.set(part, at); return at + part.length; }, 0);
    return all;
  };
  const sha256 = async array => new Uint8Array(await crypto.subtle.digest('SHA-256', array));
  const leafHash = entry => sha256(joined(Uint8Array.of(0), entry));
  const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
  const same = (one, other) => one.length === other.length && one.every((value, at) => value === other[at]);

  // A signed note (C2SP): three lines, an empty line, signatures.
  function parse(note) {
    const cut = note.indexOf('\n\n');
    const body = note.slice(0, cut + 1);
    const [origin, size, root] = body.split('\n');
    const signatures = note.slice(cut + 2).split('\n').filter(line => line.startsWith('— ')).map(line => {
      const [, name, value] = line.split(' ');
      const raw = bytes(value);
      return {name, keyId: raw.slice(0, 4), value: raw.slice(4)};
    });
    return {body, origin, size: Number(size), root: bytes(root), signatures};
  }

  // Whether the log's own key signed a checkpoint; the verifier key is `name+id+base64`.
  async function isSigned(note, vkey) {
    const checkpoint = parse(note);
    const [name, id, key] = [vkey.slice(0, vkey.indexOf('+')), ...vkey.trim().slice(vkey.indexOf('+') + 1).split(/\+(.*)/)];
    const raw = bytes(key);
    if (raw[0] !== 1) {
      throw new Error('the key is not Ed25519');
    }
    const expected = (await sha256(joined(text.encode(name + '\n'), raw))).slice(0, 4);
    const stated = Uint8Array.from(id.match(/../g), pair => parseInt(pair, 16));
    const own = checkpoint.signatures.find(one => one.name === name && same(one.keyId, expected));
    if (!same(expected, stated) || !own || checkpoint.origin !== name) {
      return false;
    }
    const publicKey = await crypto.subtle.importKey('raw', raw.slice(1), {name: 'Ed25519'}, false, ['verify']);
    return crypto.subtle.verify({name: 'Ed25519'}, publicKey, own.value, text.encode(checkpoint.body));
  }

  // The root that a leaf and its path lead to (RFC 9162, 2.1.3.2).
  async function rootOf(hash, index, size, path) {
    let [at, last, value] = [BigInt(index), BigInt(size) - 1n, hash];
    for (const sibling of path) {
      if (last === 0n) {
        return null;
      }
      if (at % 2n === 1n || at === last) {
        value = await nodeHash(sibling, value);
        while (at % 2n === 0n && at !== 0n) {
          at /= 2n;
          last /= 2n;
        }
      } else {
        value = await nodeHash(value, sibling);
      }
      at /= 2n;
      last /= 2n;
    }
    return last === 0n ? value : null;
  }

  // Hashes of subtrees, out of the published tiles of a log of `size` entries.
  function tiles(size) {
    const known = new Map();
    const path = number => {
      const groups = [];
      let rest = number;
      do { groups.unshift(String(rest % 1000).padStart(3, '0')); rest = Math.floor(rest / 1000); } while (rest > 0);
      return groups.map((group, at) => at < groups.length - 1 ? 'x' + group : group).join('/');
    };
    async function tile(level, number) {
      const width = Math.min(TILE, Math.floor(size / TILE ** level) - number * TILE);
      const address = '/audit/tile/' + level + '/' + path(number) + (width < TILE ? '.p/' + width : '');
      if (!known.has(address)) {
        const answer = await fetch(address);
        if (!answer.ok) {
          throw new Error(address + ' is not served');
        }
        known.set(address, new Uint8Array(await answer.arrayBuffer()));
      }
      return known.get(address);
    }
    // A complete subtree of 2^height entries that begins at `from`.
    async function complete(from, height) {
      const level = Math.floor(height / 8);
      const first = from / TILE ** level;
      let row = [];
      for (let at = first; at < first + 2 ** (height % 8); at++) {
        const hashes = await tile(level, Math.floor(at / TILE));
        row.push(hashes.slice((at % TILE) * 32, (at % TILE) * 32 + 32));
      }
      while (row.length > 1) {
        const above = [];
        for (let at = 0; at < row.length; at += 2) {
          above.push(await nodeHash(row[at], row[at + 1]));
        }
        row = above;
      }
      return row[0];
    }
    async function range(from, to) {
      const count = to - from;
      if (Number.isInteger(Math.log2(count))) {
        return complete(from, Math.log2(count));
      }
      const half = 2 ** Math.floor(Math.log2(count));
      return nodeHash(await range(from, from + half), await range(from + half, to));
    }
    return {range};
  }

  // The consistency proof of the first `old` of `size` entries (RFC 9162, 2.1.4.1).
  async function consistencyPath(old, size) {
    const {range} = tiles(size);
    async function part(m, from, to, whole) {
      const count = to - from;
      if (m === count) {
        return whole ? [] : [await range(from, to)];
      }
      let k = 1;
      while (k * 2 < count) { k *= 2; }
      return m <= k
        ? [...await part(m, from, from + k, whole), await range(from + k, to)]
        : [...await part(m - k, from + k, to, false), await range(from, from + k)];
    }
    return part(old, 0, size, true);
  }

  // Whether a kept checkpoint is a beginning of the later one (RFC 9162, 2.1.4.2).
  async function isConsistent(kept, later) {
    if (kept.size > later.size) { return false; }
    if (kept.size === later.size) { return same(kept.root, later.root); }
    if (kept.size === 0) { return true; }
    let path = await consistencyPath(kept.size, later.size);
    if (Number.isInteger(Math.log2(kept.size))) { path = [kept.root, ...path]; }
    let [at, last] = [kept.size - 1, later.size - 1];
    while (at % 2 === 1) { at = (at - 1) / 2; last = Math.floor(last / 2); }
    let [older, newer] = [path[0], path[0]];
    for (const sibling of path.slice(1)) {
      if (last === 0) { return false; }
      if (at % 2 === 1 || at === last) {
        older = await nodeHash(sibling, older);
        newer = await nodeHash(sibling, newer);
        while (at % 2 === 0 && at !== 0) { at = at / 2; last = Math.floor(last / 2); }
      } else {
        newer = await nodeHash(newer, sibling);
      }
      at = Math.floor(at / 2);
      last = Math.floor(last / 2);
    }
    return last === 0 && same(older, kept.root) && same(newer, later.root);
  }

  // Checks the answer of `$proof`; gives what was found, line by line.
  async function check(parameters, id, vkey, keptNote) {
    const all = name => parameters.filter(one => one.name === name);
    const [index, leaf, note] = [all('index')[0].valueString, bytes(all('leaf')[0].valueBase64Binary), all('checkpoint')[0].valueString];
    const checkpoint = parse(note);
    const entry = JSON.parse(new TextDecoder().decode(leaf));
    const root = await rootOf(await leafHash(leaf), index, checkpoint.size, all('hash').map(one => bytes(one.valueBase64Binary)));
    const found = [
      {what: 'event', ok: entry.id === id && entry.version === 1},
      {what: 'signature', ok: await isSigned(note, vkey)},
      {what: 'inclusion', ok: root !== null && same(root, checkpoint.root), value: index + ' / ' + checkpoint.size}
    ];
    let opened = 0;
    for (const commitment of all('commitment')) {
      const part = Object.fromEntries(commitment.part.map(one => [one.name, one]));
      const hash = await sha256(joined(bytes(part.salt.valueBase64Binary), text.encode(part.value.valueString)));
      if (base64(hash) !== entry.commitments[part.field.valueString]) {
        found.push({what: 'field ' + part.field.valueString, ok: false});
      } else {
        opened++;
      }
    }
    found.push({what: 'fields', ok: opened > 0, value: String(opened)});
    if (keptNote) {
      const kept = parse(keptNote);
      found.push({what: 'kept-signature', ok: await isSigned(keptNote, vkey)});
      found.push({what: 'kept', ok: await isConsistent(kept, checkpoint), value: kept.size + ' → ' + checkpoint.size});
    }
    return found;
  }

  return {check, parse, isSigned, isConsistent};
})();
if (typeof window !== 'undefined') {
  window.AuditProof = AuditProof;
}
