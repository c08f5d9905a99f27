import "./ui/tokens.css";
import "./ui/parts.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app");
target.replaceChildren();
mount(App, { target });
