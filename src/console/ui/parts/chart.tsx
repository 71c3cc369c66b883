/** A plot that follows its box and the page's colours; its sentence stands in for it where it cannot be seen. */

import { LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useTheme } from "styled-components";

use([GridComponent, LineChart, MarkLineComponent, ScatterChart, SVGRenderer]);

interface ChartProps {
  /** ECharts options; plain numbers, already in the unit of the axis. */
  readonly option: EChartsCoreOption;
  /** What the plot says, in one sentence. */
  readonly label: string;
  readonly height: number;
}

/** Draws the plot as SVG and draws it again when its box or the colours change. */
export function Chart({ option, label, height }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const dark = useTheme().colors.base === "dark";
  useEffect(() => {
    if (box.current === null) return;
    const chart = init(box.current, dark ? "dark" : null, { renderer: "svg" });
    chart.setOption({ animation: false, backgroundColor: "transparent", ...option });
    const follow = new ResizeObserver(() => chart.resize());
    follow.observe(box.current);
    return () => {
      follow.disconnect();
      chart.dispose();
    };
  }, [option, dark]);
  return <div ref={box} role="img" aria-label={label} style={{ height, width: "100%" }} />;
}
