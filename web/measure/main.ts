import "../src/ui/tokens.css";
import "../src/ui/parts.css";
import { mount } from "svelte";
import Measured from "./Measured.svelte";

const target = document.getElementById("app");
if (target !== null) mount(Measured, { target });
