import { descent } from "./descent";
import type { Section } from "./section";

export const sections: Section[] = [descent];
