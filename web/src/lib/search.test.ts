import { expect, it } from "vitest";
import { find, match } from "./search";

const PLACES = [
  { names: ["渝北", "渝北区", "Yubei", "Yubei District", "500112"] },
  { names: ["渝中", "渝中区", "Yuzhong", "Yuzhong District", "500103"] },
  { names: ["南岸", "南岸区", "Nan'an", "Nan'an District", "500108"] },
  { names: ["酉阳", "酉阳土家族苗族自治县", "Youyang", "Youyang Tujia and Miao Autonomous County", "500242"] },
];
const first = (typed: string) => find(typed, PLACES, 3)[0]?.names[2];

it("finds a place by Chinese, pinyin, English and code", () => {
  expect(["渝北", "渝中区", "yubei", "YUZ", "nanan", "nan'an", "500108", "miao", "苗族", "yubei dis"].map(first)).toEqual([
    "Yubei", "Yuzhong", "Yubei", "Yuzhong", "Nan'an", "Nan'an", "Nan'an", "Youyang", "Youyang", "Yubei",
  ]);
});

it("finds nothing for what is not there, and everything for nothing", () => {
  expect(find("shanghai", PLACES, 9)).toEqual([]);
  expect(find("yubei tr", PLACES, 9)).toEqual([]);
  expect(find("  ", PLACES, 9)).toHaveLength(4);
  expect(match("渝", PLACES[0] ?? { names: [] })).toBeGreaterThan(0);
});
