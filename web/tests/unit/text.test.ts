import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "../../src/csv";
import { plain, short } from "../../src/names";
import { bounds, bytes, count, duration, figure, listed, percent } from "../../src/numbers";
import { thinned } from "../../src/table";

test("CSV: quotes where they must be, empty where nothing is, and no formulas", () => {
  const text = csvOf({
    columns: ["name", "value"],
    rows: [
      ['a "b", c', 1.5],
      ["=1+1", null],
      ["-x", -2],
    ],
  });
  assert.equal(text, 'name,value\r\n"a ""b"", c",1.5\r\n\'=1+1,\r\n\'-x,-2\r\n');
});

test("Plotly gets no markup", () =>
  assert.equal(plain('<b>a</b> & <a href="x">'), '&lt;b&gt;a&lt;/b&gt; &amp; &lt;a href="x"&gt;'));

test("of a long name the end is shown, where names differ", () => {
  assert.equal(short("runs/2026-11-21-191151", 12), "…1-21-191151");
  assert.equal(short("short"), "short");
});

test("numbers as people read them", () => {
  assert.deepEqual(
    [1.84731, 0.00233149, 1.2e-7, -0.4803, -2e-9, 0, NaN, 123456.7, null].map((v) => figure(v)),
    ["1.847", "0.002331", "1.2e-7", "−0.4803", "−2e-9", "0", "–", "123\u202f457", "–"],
  );
  assert.deepEqual([7, 1234, 12345, 1234567].map(count), [
    "7",
    "1234",
    "12\u202f345",
    "1\u202f234\u202f567",
  ]);
  assert.equal(percent(0.41085), "41.09 %");
  assert.deepEqual([5e-5, 0.25, 90, 1800, 9000].map(duration), [
    "50 µs",
    "250 ms",
    "90 s",
    "30 min",
    "2.5 h",
  ]);
  assert.equal(bytes(193_500_000), "184.5 MiB");
  assert.equal(listed(["a", "b", "c"]), "a, b and c");
});

test("bounds are of what is finite", () => {
  assert.deepEqual(bounds([3, null, -1, Infinity, undefined]), [-1, 3]);
  assert.equal(bounds([null]), null);
});

test("thinned rows keep the first and the last", () => {
  const rows = thinned(
    Array.from({ length: 1001 }, (_, i) => i),
    11,
  );
  assert.equal(rows.length, 11);
  assert.deepEqual([rows[0], rows[10]], [0, 1000]);
});
