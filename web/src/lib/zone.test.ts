import { expect, it } from "vitest";
import { civilOf, instantOf, wire } from "./zone";

it("the city's hours are its own", () => {
  expect(civilOf(Date.parse("2022-11-18T16:00:00Z"), "Asia/Shanghai")).toBe("2022-11-19T00:00:00");
  expect(wire(instantOf("2022-11-19T00:00", "Asia/Shanghai"))).toBe("2022-11-18T16:00:00Z");
  expect(wire(instantOf("2022-11-19", "Asia/Shanghai"))).toBe("2022-11-18T16:00:00Z");
});

it("a moment goes there and back in zones that change their clocks", () => {
  for (const zone of ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
    for (const civil of ["2022-03-27T01:59:59", "2022-03-27T03:30:00", "2022-07-01T00:00:00", "2022-11-06T12:00:00", "2024-02-29T23:59:59"])
      expect(civilOf(instantOf(civil, zone), zone), `${civil} ${zone}`).toBe(civil);
});

it("an hour that a zone skips becomes the hour after", () => {
  expect(civilOf(instantOf("2022-03-27T02:30:00", "Europe/Berlin"), "Europe/Berlin")).toMatch(/^2022-03-27T0[13]:30:00$/);
});
