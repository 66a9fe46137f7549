// Checks a log of veedor in the browser: canonical JSON (RFC 8785), the Merkle tree (RFC 9162),
// Ed25519 by WebCrypto, and the hashes of files. It asks no server what is right, has no words of
// its own (the page gives them, in its language) and needs no library.

const UTF8 = new TextEncoder();
const TEXT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ORIGIN = /^[^\s+]+$/u;
// Of the curve: a key that any browser that knows Ed25519 takes.
const BASE_POINT = new Uint8Array(32).fill(0x66).fill(0x58, 0, 1);
const SPKI = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/** A thing that does not hold: a code of the page, and where. */
class Wrong extends Error {
  constructor(code, where) {
    super(code);
    this.code = code;
    this.where = where;
  }
}

const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const joined = (...parts) => {
  const made = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
};

/** Bytes of base64 that is written in its one form. */
function base64(text, where) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    throw new Wrong("form", where);
  }
  if (btoa(raw) !== text) throw new Wrong("form", where);
  return Uint8Array.from(raw, (one) => one.charCodeAt(0));
}

/** RFC 8785: keys in the order of UTF-16, numbers as ECMAScript writes them, no blanks. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** RFC 9162, 2.1: a tree that keeps the heads of its largest complete subtrees. */
export class Tree {
  constructor() {
    this.size = 0;
    this.heads = [];
  }

  async append(leaf) {
    let head = await sha256(joined([0], leaf));
    for (let size = this.size; size % 2 === 1; size = (size - 1) / 2) head = await node(this.heads.pop(), head);
    this.heads.push(head);
    this.size += 1;
  }

  async root() {
    if (this.size === 0) return sha256(new Uint8Array());
    let head = this.heads[this.heads.length - 1];
    for (let at = this.heads.length - 2; at >= 0; at -= 1) head = await node(this.heads[at], head);
    return head;
  }
}

const node = (left, right) => sha256(joined([1], left, right));

/** The key of a PEM file that is exactly as veedor writes it. */
async function publicKey(text, where) {
  const found = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=]{60})\n-----END PUBLIC KEY-----\n$/.exec(text);
  if (!found) throw new Wrong("key", where);
  const der = base64(found[1], where);
  if (der.length !== 44 || !same(der.slice(0, 12), SPKI)) throw new Wrong("key", where);
  const raw = der.slice(12);
  const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  return { key, raw, fingerprint: hex(await sha256(raw)) };
}

const signed = (key, signature, message) =>
  signature.length === 64 ? crypto.subtle.verify({ name: "Ed25519" }, key.key, signature, message) : false;

/** A signed tree head, as text: name, size, head, one signature line. */
async function checkpoint(text, key, where) {
  const lines = text.split("\n");
  if (lines.length !== 6 || lines[3] !== "" || lines[5] !== "") throw new Wrong("form", where);
  const [origin, size, head, , note] = lines;
  if (!ORIGIN.test(origin) || !/^(0|[1-9][0-9]{0,15})$/.test(size)) throw new Wrong("form", where);
  const before = `\u2014 ${origin} `;
  if (!note.startsWith(before)) throw new Wrong("form", where);
  const read = { origin, size: Number(size), root: base64(head, where) };
  const signature = base64(note.slice(before.length), where);
  if (read.root.length !== 32 || signature.length !== 68) throw new Wrong("form", where);
  const id = (await sha256(joined(UTF8.encode(`${origin}\n`), [1], key.raw))).slice(0, 4);
  const body = UTF8.encode(`${origin}\n${size}\n${head}\n`);
  if (!same(signature.slice(0, 4), id) || !(await signed(key, signature.slice(4), body)))
    throw new Wrong("signature", where);
  return read;
}

const filesOf = (manifest) => {
  const named = [];
  if (manifest.kind === "forecast") {
    named.push([`files/${manifest.forecast.sha256}.parquet`, manifest.forecast]);
    named.push([`files/${manifest.cells.sha256}.geojson`, manifest.cells]);
  }
  if (manifest.kind === "scoring") named.push([`files/${manifest.outcomes.sha256}.parquet`, manifest.outcomes]);
  return named;
};

/**
 * Check a log.
 *
 * names: paths of its files; read: path -> Uint8Array (rejects where there is none);
 * kept: a checkpoint from before, or "". Throws `Wrong` at the first thing that does not hold.
 */
export async function check(names, read, kept = "") {
  const text = async (name) => {
    let bytes;
    try {
      bytes = await read(name);
    } catch {
      throw new Wrong("file", name);
    }
    try {
      return TEXT.decode(bytes);
    } catch {
      throw new Wrong("form", name);
    }
  };
  const key = await publicKey(await text("public-key.pem"), "public-key.pem");
  const remembered = kept.trim() ? await checkpoint(`${kept.trim()}\n`, key, "") : null;
  let recalled = remembered !== null && remembered.size === 0;
  const tree = new Tree();
  const counts = { batches: 0, signatures: 0, heads: 0, files: 0 };
  const batches = names.filter((name) => name.startsWith("batches/")).sort();
  const checked = new Set();
  let last = { origin: null, size: 0, root: await tree.root() };
  let before = last;
  let written = "";
  for (const name of batches) {
    if (name !== `batches/${String(tree.size).padStart(8, "0")}.json`) throw new Wrong("order", name);
    const whole = await text(name);
    let batch;
    try {
      batch = JSON.parse(whole);
    } catch {
      throw new Wrong("form", name);
    }
    if (`${canonical(batch)}\n` !== whole || Object.keys(batch).join() !== "checkpoint,entries")
      throw new Wrong("form", name);
    if (!Array.isArray(batch.entries) || batch.entries.length === 0) throw new Wrong("form", name);
    for (const entry of batch.entries) {
      const where = `${name}, ${tree.size}`;
      const { manifest } = entry;
      if (Object.keys(entry).join() !== "manifest,signature" || manifest === null || typeof manifest !== "object")
        throw new Wrong("form", where);
      const follows = manifest.number === tree.size && manifest.previous === hex(await tree.root());
      if (!follows || !(manifest.written_at >= written)) throw new Wrong("order", where);
      written = manifest.written_at;
      if (!(await signed(key, base64(entry.signature, where), UTF8.encode(canonical(manifest)))))
        throw new Wrong("signature", where);
      counts.signatures += 1;
      await tree.append(UTF8.encode(canonical(entry)));
      if (remembered !== null && remembered.size === tree.size) {
        if (!same(await tree.root(), remembered.root)) throw new Wrong("remembered", where);
        recalled = true;
      }
      for (const [file, about] of filesOf(manifest)) {
        if (checked.has(file)) continue;
        checked.add(file);
        let bytes;
        try {
          bytes = await read(file);
        } catch {
          throw new Wrong("file", file);
        }
        if (bytes.length !== about.bytes || hex(await sha256(bytes)) !== about.sha256) throw new Wrong("file", file);
        counts.files += 1;
      }
    }
    const head = await checkpoint(batch.checkpoint, key, name);
    counts.signatures += 1;
    if (last.origin !== null && head.origin !== last.origin) throw new Wrong("order", name);
    if (head.size !== tree.size || !same(head.root, await tree.root())) throw new Wrong("tree", name);
    counts.heads += 1;
    counts.batches += 1;
    [before, last] = [last, head];
  }
  const newest = await checkpoint(await text("checkpoint"), key, "checkpoint");
  counts.signatures += 1;
  const is = (one) => newest.size === one.size && same(newest.root, one.root);
  if ((last.origin !== null && newest.origin !== last.origin) || !(is(last) || is(before)))
    throw new Wrong("tree", "checkpoint");
  if (remembered !== null && (!recalled || remembered.origin !== newest.origin)) throw new Wrong("remembered", "");
  return { ...counts, fingerprint: key.fingerprint, remembered: remembered !== null };
}

/** Whether this browser has what it takes. */
async function able() {
  try {
    await crypto.subtle.importKey("raw", BASE_POINT, { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

function shown(part, said, lines) {
  const place = part.querySelector("[data-result]");
  const head = document.createElement("p");
  head.append(Object.assign(document.createElement("strong"), { textContent: said }));
  const list = document.createElement("ul");
  for (const line of lines) list.append(Object.assign(document.createElement("li"), { textContent: line }));
  place.replaceChildren(head, ...(lines.length ? [list] : []));
}

async function run(part, names, read) {
  const said = part.dataset;
  const kept = part.querySelector("[data-kept]").value;
  shown(part, said.reading, []);
  part.dataset.state = "reading";
  try {
    const found = await check(await names(), read, kept);
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const lines = [
      `${said.key} ${found.fingerprint}`,
      ...["canonical", "signatures", "tree", "files"].map((name, at) => {
        const count = [found.batches, found.signatures, found.heads, found.files][at];
        return `${said[name]} ${number.format(count)}`;
      }),
    ];
    if (found.remembered) lines.push(said.remembered);
    shown(part, said.holds, lines);
    part.dataset.state = "holds";
  } catch (error) {
    const code = error instanceof Wrong ? error.code : "form";
    const name = `wrong${code[0].toUpperCase()}${code.slice(1)}`;
    shown(part, said.fails, [`${said[name]} ${error.where ?? error.message}`]);
    part.dataset.state = "fails";
  }
}

const fetched = async (address) => {
  const answer = await fetch(address, { cache: "no-cache", credentials: "omit" });
  if (answer.status === 429) {
    // A log of many files is more than is answered in a minute.
    const seconds = Number(answer.headers.get("Retry-After")) || 1;
    await new Promise((done) => setTimeout(done, 1000 * Math.min(seconds, 60)));
    return fetched(address);
  }
  if (!answer.ok) throw new Error(address);
  return new Uint8Array(await answer.arrayBuffer());
};

async function prepare(part) {
  part.hidden = false;
  if (!(await able())) {
    shown(part, part.dataset.unable, []);
    return;
  }
  const list = new URL(part.dataset.verify, document.baseURI);
  const escaped = (name) => name.split("/").map(encodeURIComponent).join("/");
  const remote = (name) => fetched(new URL(`files/${escaped(name)}`, list));
  const names = async () =>
    TEXT.decode(await fetched(list)).split("\n").filter(Boolean).map((line) => line.slice(66));
  part.querySelector("[data-check]").addEventListener("click", () => run(part, names, remote));
  part.querySelector("[data-folder]").addEventListener("change", (event) => {
    const chosen = new Map(
      [...event.target.files].map((file) => [file.webkitRelativePath.split("/").slice(1).join("/"), file]),
    );
    const local = async (name) => {
      if (!chosen.has(name)) throw new Error(name);
      return new Uint8Array(await chosen.get(name).arrayBuffer());
    };
    run(part, async () => [...chosen.keys()], local);
  });
}

if (typeof document !== "undefined") for (const part of document.querySelectorAll("[data-verify]")) prepare(part);
