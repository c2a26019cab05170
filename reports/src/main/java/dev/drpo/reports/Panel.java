package dev.drpo.reports;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Builds one chart in the report's look. */
final class Panel {
  private static final float THIN = 1.2f;
  private static final float BOLD = 2.4f;

  private final XYChart chart;

  Panel(int width, int height, String title, String xTitle, String yTitle) {
    chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    XYStyler styler = chart.getStyler();
    Color ink = Palette.INK.color();
    Color muted = Palette.MUTED.color();
    Color grid = Palette.GRID.color();
    Color surface = Palette.SURFACE.color();
    Font text = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    styler.setLocale(Locale.ROOT);
    styler.setBaseFont(text);
    styler.setChartBackgroundColor(surface).setPlotBackgroundColor(surface);
    styler.setPlotBorderVisible(false);
    styler.setChartFontColor(ink).setChartTitleBoxVisible(false);
    styler.setChartTitleFont(text.deriveFont(Font.BOLD, 14)).setChartTitleFontColor(ink);
    styler.setChartPadding(14).setChartTitlePadding(8);
    styler.setXAxisTitleColor(ink).setYAxisTitleColor(ink);
    styler.setAxisTitleFont(text).setAxisTickLabelsFont(text.deriveFont(11f));
    styler.setAxisTickLabelsColor(muted).setAxisTickMarksColor(grid);
    styler.setXAxisTickLabelsColor(muted).setYAxisTickLabelsColor(muted);
    styler.setPlotGridLinesColor(grid).setPlotGridLinesStroke(new BasicStroke(1));
    styler.setPlotGridVerticalLinesVisible(false).setAxisTicksLineVisible(false);
    // A rim around the data, so that the ends of the axes have labels and no mark is cut.
    styler.setPlotMargin(0).setPlotContentSize(0.94).setMarkerSize(8);
    styler.setXAxisTickMarkSpacingHint(70).setYAxisTickMarkSpacingHint(40);
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setLegendBackgroundColor(surface).setLegendBorderColor(surface);
    styler.setLegendFont(text).setLegendSeriesLineLength(18).setLegendPadding(6);
  }

  Panel xRange(Range range) {
    chart.getStyler().setXAxisMin(range.low()).setXAxisMax(range.high());
    return this;
  }

  Panel yRange(Range range) {
    chart.getStyler().setYAxisMin(range.low()).setYAxisMax(range.high());
    return this;
  }

  Panel yFormat(String decimalPattern) {
    chart.getStyler().setYAxisDecimalPattern(decimalPattern);
    return this;
  }

  Panel xFormat(String decimalPattern) {
    chart.getStyler().setXAxisDecimalPattern(decimalPattern);
    return this;
  }

  /** Names beside the plot, one below the other, where there are too many for a row. */
  Panel namesAside() {
    chart
        .getStyler()
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setLegendLayout(Styler.LegendLayout.Vertical);
    return this;
  }

  /** The values as they are: a thin, pale line. */
  Panel trace(String name, Points points) {
    return line(name, points, Palette.TRACE, new BasicStroke(THIN));
  }

  /** What to look at: a bold line. */
  Panel curve(String name, Points points, Palette color) {
    return line(
        name, points, color, new BasicStroke(BOLD, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  /** A few values in their order: dots on a thin line. */
  Panel path(String name, Points points, Palette color) {
    line(name, points, color, new BasicStroke(THIN));
    if (!points.isEmpty()) {
      chart.getSeries(name).setMarker(SeriesMarkers.CIRCLE);
    }
    return this;
  }

  /** Where something stands at several strengths, one after the other, in marks of its own. */
  Panel trail(String name, Points points, Palette color, Marker marker) {
    line(name, points, color, new BasicStroke(THIN));
    if (!points.isEmpty()) {
      chart.getSeries(name).setMarker(marker);
    }
    return this;
  }

  /** The bars of an interval in both directions, without a mark. */
  Panel bars(String name, double x, Interval xs, double y, Interval ys, Palette color) {
    cross(name + " x", List.of(xs.low(), xs.high()), List.of(y, y), color);
    cross(name + " y", List.of(x, x), List.of(ys.low(), ys.high()), color);
    return this;
  }

  private void cross(String name, List<Double> xs, List<Double> ys, Palette color) {
    if (Stream.concat(xs.stream(), ys.stream()).allMatch(Double::isFinite)) {
      line(name, new Points(xs, ys), color, new BasicStroke(1));
      chart.getSeries(name).setShowInLegend(false);
    }
  }

  /** A limit, or one curve of many: a dashed line. */
  Panel bound(String name, Points points, Palette color) {
    float[] dashes = {6, 5};
    return line(
        name,
        points,
        color,
        new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0));
  }

  /** Small dots without a line between them. */
  Panel dots(String name, Points points, Palette color) {
    return marks(name, points, color, SeriesMarkers.CIRCLE);
  }

  /** One value and its interval: a mark on a vertical bar with end caps. */
  Panel mark(String name, double x, double y, Interval interval, Range xRange, Palette color) {
    double cap = (xRange.high() - xRange.low()) * 0.008;
    double low = interval.low();
    double high = interval.high();
    List<Double> xs = List.of(x - cap, x + cap, x, x, x - cap, x + cap);
    List<Double> ys = List.of(low, low, low, high, high, high);
    line(name + " interval", new Points(xs, ys), color, new BasicStroke(2));
    chart.getSeries(name + " interval").setShowInLegend(false);
    return marks(name, new Points(List.of(x), List.of(y)), color, SeriesMarkers.DIAMOND);
  }

  XYChart chart() {
    return chart;
  }

  private Panel line(String name, Points points, Palette color, BasicStroke stroke) {
    if (points.isEmpty()) {
      return this;
    }
    XYSeries series = chart.addSeries(name, points.x(), points.y());
    // A line through a single point is invisible.
    series.setMarker(points.x().size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    series.setMarkerColor(color.color());
    series.setLineColor(color.color()).setLineStyle(stroke);
    return this;
  }

  private Panel marks(String name, Points points, Palette color, Marker marker) {
    if (points.isEmpty()) {
      return this;
    }
    XYSeries series = chart.addSeries(name, points.x(), points.y());
    series.setMarker(marker).setMarkerColor(color.color());
    series.setLineStyle(SeriesLines.NONE);
    return this;
  }
}
