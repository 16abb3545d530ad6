// Plotly with the five kinds of trace that the report draws, and no other.
import contour from "plotly.js/lib/contour";
import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import heatmap from "plotly.js/lib/heatmap";
import surface from "plotly.js/lib/surface";

Plotly.register([bar, heatmap, contour, surface]);
export default Plotly;
