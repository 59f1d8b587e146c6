import { useEffect, useRef } from 'react';
import { drawStrip, LABEL_HEIGHT, TIME_AXIS_HEIGHT, type PlotOptions } from './plot.ts';

type StripPlotProps = Omit<PlotOptions, 'width' | 'height'> & { readonly plotHeight: number };

/** The picture of one strip. Everything in it stands in words and in the table too, so that it may be hidden from a reader. */
export function StripPlot({ plotHeight, ...options }: StripPlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const { isTop, isBottom } = options;
  const height = plotHeight + (isTop ? LABEL_HEIGHT : 0) + (isBottom ? TIME_AXIS_HEIGHT : 0);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const plot = drawStrip(element, { ...options, width: element.clientWidth, height });
    const observer = new ResizeObserver(() => {
      if (element.clientWidth !== plot.width) plot.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
    // Anew for each reading of the data, theme, language and span: all else in `options` follows from these.
  }, [options.strip, options.bounds, options.overlay, options.locale, height]);
  return <div ref={host} className="plot" aria-hidden="true" data-height={height} />;
}
