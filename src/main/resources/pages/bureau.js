'use strict';
// Draws a chart over each table whose first column orders it: lines for figures, with the table
// staying below as the chart's own data.
(() => {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue('--ink').trim();
  const soft = style.getPropertyValue('--soft').trim();
  const colours = ['#0b8f78', '#c4572a', '#3f6fd1', '#8a5bb5', '#7a7a1f'];
  document.querySelectorAll('[data-figure]').forEach(figure => {
    const table = figure.querySelector('table');
    const place = figure.querySelector('.chart');
    if (!table || table.tBodies[0].rows.length < 2) {
      return;
    }
    const heads = [...table.tHead.rows[0].cells].map(cell => cell.textContent);
    const rows = [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent));
    const numeric = heads.map((_, at) => at > 0 && rows.every(row => row[at] === '' || !Number.isNaN(Number(row[at]))) && rows.some(row => row[at] !== ''));
    const series = heads.map((name, at) => ({name, at})).filter(one => numeric[one.at]).slice(0, 5);
    if (series.length === 0) {
      return;
    }
    place.hidden = false;
    const chart = window.echarts.init(place, null, {renderer: 'canvas'});
    chart.setOption({
      animation: false,
      color: colours,
      textStyle: {color: ink},
      tooltip: {trigger: 'axis', renderMode: 'richText'},
      legend: {textStyle: {color: ink}, type: 'scroll'},
      grid: {left: 56, right: 16, bottom: 40, top: 40},
      xAxis: {type: 'category', data: rows.map(row => row[0]), axisLabel: {color: soft}},
      yAxis: {type: 'value', scale: true, axisLabel: {color: soft}},
      series: series.map((one, i) => ({name: one.name, type: 'line', showSymbol: rows.length < 60, symbol: ['circle', 'rect', 'triangle', 'diamond', 'pin'][i], lineStyle: {type: ['solid', 'dashed', 'dotted', 'solid', 'dashed'][i]}, data: rows.map(row => row[one.at] === '' ? null : Number(row[one.at]))}))
    });
    addEventListener('resize', () => chart.resize());
  });
  document.addEventListener('click', event => {
    if (event.target.closest('[data-print]')) {
      print();
    }
  });
})();
