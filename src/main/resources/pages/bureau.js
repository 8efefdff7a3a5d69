'use strict';
// Draws each chart from the table that stands below it: whatever is drawn can be read there.
(() => {
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // Told apart by shape and dash as well as by colour.
  const BEFORE = '#c4572a';
  const AFTER = '#0b8f78';
  const OTHER = '#3f6fd1';
  const charts = new Map();
  let ink = '';
  let soft = '';
  // A canvas does not know `inherit`: it would keep whatever font it had before.
  const family = getComputedStyle(document.body).fontFamily;
  let line = '';
  // On paper all of it has one page.
  let paper = false;
  const DRUGS_ON_PAPER = 8;

  const number = text => text === '' || text === undefined ? null : Number(text);
  const english = document.documentElement.lang === 'en';

  function table(figure) {
    const keys = [...figure.querySelectorAll('thead th')].map(head => head.dataset.key);
    const heads = [...figure.querySelectorAll('thead th')].map(head => head.textContent.trim());
    const rows = [...figure.querySelectorAll('tbody tr')].map(row => Object.fromEntries([...row.cells].map((cell, at) => [keys[at], cell.textContent.trim()])));
    const facts = Object.fromEntries((figure.dataset.facts || '').split(';').filter(Boolean).map(one => one.split('=')));
    return {rows, facts, head: Object.fromEntries(keys.map((key, at) => [key, heads[at]]))};
  }

  function base(more) {
    return {
      animation: false,
      textStyle: {color: ink, fontFamily: family},
      tooltip: {trigger: 'axis', renderMode: 'richText', confine: true},
      legend: {textStyle: {color: ink, fontSize: paper ? 9 : 12}, top: 0, right: 8, icon: 'roundRect'},
      // On a telephone the legend has two lines; the axis' name stands below them.
      grid: {left: 8, right: 18, bottom: more.xAxis?.nameLocation ? foot() : 8, top: narrow() ? 66 : 38, containLabel: true},
      ...more
    };
  }

  const label = more => ({color: soft, fontSize: paper ? 8 : 12, ...more});
  const category = (data, more) => ({type: 'category', data, axisLine: {lineStyle: {color: line}}, ...more, axisLabel: label(more?.axisLabel)});
  // The first date begins at the axis instead of half outside.
  const dates = (data, more) => category(data, {...more, axisLabel: {alignMinLabel: 'left', showMinLabel: true, hideOverlap: true}});
  // Weeks that were left out are left out of the line, too, instead of being drawn together.
  const WEEK = 7 * 86400000;
  const day = at => new Date(at).toLocaleDateString('sv-SE');
  const weeks = () => ({type: 'time', splitNumber: paper || narrow() ? 3 : 4, splitLine: {show: false}, axisLine: {lineStyle: {color: line}}, axisPointer: {label: {formatter: one => day(one.value)}}, axisLabel: label({hideOverlap: true, formatter: day})});
  const course = (rows, key, first = 'week') => rows.flatMap((row, at) => {
    const last = at > 0 ? Date.parse(rows[at - 1][first]) : Infinity;
    const gap = Date.parse(row[first]) - last > WEEK * 1.2 ? [[day(last + WEEK), null]] : [];
    return [...gap, [row[first], number(row[key])]];
  });
  const value = (name, more) => ({type: 'value', name, nameTextStyle: {color: soft, align: 'left'}, splitLine: {lineStyle: {color: line, opacity: 0.6}}, ...more, axisLabel: label({hideOverlap: true, ...more?.axisLabel})});
  // Along the bottom the unit stands in the middle, where it has room.
  const across = (name, more) => value(name, {splitNumber: narrow() ? 3 : 5, nameLocation: 'middle', nameGap: paper ? 17 : 24, nameTextStyle: {color: soft, align: 'center', fontSize: paper ? 7 : 12}, ...more});
  // Names of rows are capped: the table has them whole.
  const names = (data, more) => category(data, {inverse: true, ...more, axisLabel: {interval: 0, ...narrow() ? {width: 96, overflow: 'break', fontSize: 11, lineHeight: 12} : {width: paper ? 120 : 220, overflow: 'truncate'}, ...more?.axisLabel}});
  const foot = () => paper ? 13 : 24;
  const dashed = (name, at) => ({name, yAxis: Number(at), lineStyle: {type: 'dashed', color: soft}, label: {color: soft, formatter: name + ' ' + at, position: 'insideEndTop'}});

  const kinds = {
    xmr({rows, facts, head}) {
      const sides = [...new Set(rows.map(row => row.side))];
      const lines = [['centre', english ? 'centre' : '中线'], ['lower', english ? 'lower limit' : '下限'], ['upper', english ? 'upper limit' : '上限']];
      const flagged = english ? 'flagged week' : '标出的周';
      return base({
        legend: {textStyle: {color: ink, fontSize: paper ? 9 : 12}, top: 0, right: 8, icon: 'roundRect', data: [...sides, {name: flagged, icon: 'circle'}]},
        xAxis: weeks(),
        yAxis: value(head.median, {max: one => 10 * Math.ceil(Math.max(one.max, Number(facts.upper) || 0) / 10)}),
        series: [...sides.map((side, i) => ({
          name: side,
          type: 'line',
          connectNulls: false,
          // Left to itself the library hides some, and with them what they tell.
          showAllSymbol: true,
          symbol: i === 0 ? 'circle' : 'diamond',
          symbolSize: 5,
          lineStyle: {color: i === 0 ? BEFORE : AFTER},
          itemStyle: {color: i === 0 ? BEFORE : AFTER},
          data: course(rows.filter(row => row.side === side), 'median'),
          markLine: i === 0 ? {symbol: 'none', data: lines.filter(one => facts[one[0]]).map(one => dashed(one[1], facts[one[0]]))} : undefined
        })),
        // A ring around the point: what it is a sign of stands in the table.
        {name: flagged, type: 'scatter', symbol: 'circle', symbolSize: 11, silent: true, tooltip: {show: false}, itemStyle: {color: 'transparent', borderColor: ink, borderWidth: 1.5}, data: rows.filter(row => row.sign).map(row => [row.week, number(row.median)])}]
      });
    },
    survival({rows, head}) {
      const curve = (key, risk, i) => ({
        name: head[key],
        type: 'line',
        step: 'end',
        symbol: i === 0 ? 'circle' : 'diamond',
        lineStyle: {color: i === 0 ? BEFORE : AFTER, type: i === 0 ? 'dashed' : 'solid', width: 2},
        itemStyle: {color: i === 0 ? BEFORE : AFTER},
        data: rows.map(row => [number(row.minutes), number(row[key])])
      });
      const apart = number(rows.at(-1).minutes) / (narrow() ? 6 : paper ? 8 : 13);
      const told = new Set();
      let last = -Infinity;
      rows.forEach((row, at) => {
        if (number(row.minutes) - last >= apart) {
          told.add(at);
          last = number(row.minutes);
        }
      });
      const size = paper ? 8 : 11;
      const high = paper ? 11 : 14;
      return base({
        tooltip: {trigger: 'axis', renderMode: 'richText', confine: true},
        grid: {left: paper ? 44 : 74, right: 24, bottom: 3 * high + 12, top: narrow() ? 66 : 38},
        xAxis: {type: 'value', min: 0, max: 'dataMax', splitLine: {show: false}, axisLine: {lineStyle: {color: line}}, axisLabel: {show: false}, axisTick: {show: false}, axisPointer: {label: {formatter: one => one.value + (english ? ' min' : ' 分')}},
          name: (english ? ['minutes', 'baseline', 'period'] : ['分钟', '基期', '报告期']).join('\n'), nameLocation: 'start', nameGap: paper ? 15 : 24, nameTextStyle: {color: soft, fontSize: size, lineHeight: high, align: 'right', verticalAlign: 'top', padding: [6, 0, 0, 0]}},
        yAxis: value('%', {max: 100, min: 0}),
        series: [curve('before', 'before-risk', 0), curve('after', 'after-risk', 1),
          // Minutes as they were asked about, not evenly apart, with those at risk below them.
          {type: 'scatter', silent: true, symbol: 'rect', symbolSize: [1, 6], itemStyle: {color: soft}, tooltip: {show: false}, clip: false,
            data: rows.map((row, at) => ({value: [number(row.minutes), 0], label: {show: told.has(at), position: 'bottom', distance: 4, color: soft, fontSize: size, lineHeight: high, formatter: () => rows[at].minutes + '\n' + rows[at]['before-risk'] + '\n' + rows[at]['after-risk']}}))}]
      });
    },
    series({rows, facts, head}) {
      return base({
        xAxis: weeks(),
        yAxis: value(head.median),
        series: [
          {name: head.median, type: 'line', symbol: 'none', lineStyle: {color: AFTER}, itemStyle: {color: AFTER}, data: course(rows, 'median'),
            markArea: facts.from && facts.to ? {itemStyle: {color: soft, opacity: 0.18}, label: {color: soft, position: 'insideTop'}, data: [[{name: english ? 'wash-in' : '磨合期', xAxis: facts.from}, {xAxis: facts.to}]]} : undefined},
          {name: head.without, type: 'line', symbol: 'none', lineStyle: {color: BEFORE, type: 'dashed', width: 2}, itemStyle: {color: BEFORE}, data: course(rows, 'without')}
        ]
      });
    },
    heat({rows, facts, head}) {
      const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
      const all = rows.flatMap((row, y) => days.map((day, x) => [x, y, number(row[day])]));
      const cells = all.filter(cell => cell[2] !== null);
      const highest = Number(facts.most) || Math.max(...cells.map(cell => cell[2]));
      return base({
        legend: {show: false},
        tooltip: {renderMode: 'richText', confine: true, formatter: one => head[days[one.value[0]]] + ' ' + rows[one.value[1]].hour + ' · ' + one.value[2]},
        grid: {left: 8, right: 18, bottom: 48, top: 10, containLabel: true},
        xAxis: category(days.map(day => head[day]), {splitArea: {show: true}}),
        yAxis: category(rows.map(row => row.hour), {inverse: true}),
        visualMap: {seriesIndex: 0, min: 0, max: Math.max(highest, 1), text: [Math.max(highest, 1) + (english ? ' min' : ' 分'), '0'], orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 120, textStyle: {color: soft}, inRange: {color: ['#e8f3ef', '#f2c14e', '#b3261e']}},
        series: [
          // Dark cells have light figures.
          {type: 'heatmap', data: cells.map(cell => ({value: cell, label: {color: cell[2] > 0.82 * highest ? '#fff' : '#17212b'}})), label: {show: rows.length < 14, fontSize: paper ? 9 : narrow() ? 11 : 12, formatter: one => Math.round(one.value[2])}},
          {type: 'scatter', silent: true, symbolSize: 1, itemStyle: {color: 'transparent'}, data: all.filter(cell => cell[2] === null).map(([x, y]) => [x, y]), label: {show: true, position: 'inside', color: soft, formatter: '–'}}
        ]
      });
    },
    lines({rows, head}) {
      const keys = Object.keys(head).slice(1);
      const first = Object.keys(head)[0];
      return base({
        xAxis: weeks(),
        yAxis: value(english ? 'minutes' : '分钟'),
        series: keys.map((key, i) => ({name: head[key], type: 'line', symbol: ['circle', 'diamond', 'rect'][i], lineStyle: {color: [AFTER, OTHER, BEFORE][i], type: ['solid', 'dashed', 'dotted'][i]}, itemStyle: {color: [AFTER, OTHER, BEFORE][i]}, symbolSize: 4, data: course(rows, key, first)}))
      });
    },
    dumbbell({rows, head}) {
      return base({
        xAxis: across(english ? 'minutes' : '分钟'),
        yAxis: names(rows.map(row => row.name)),
        series: [
          {name: head.before, type: 'scatter', symbol: 'circle', symbolSize: 11, itemStyle: {color: BEFORE}, data: rows.map((row, y) => [number(row.before), y])},
          {name: head.after, type: 'scatter', symbol: 'diamond', symbolSize: 13, itemStyle: {color: AFTER}, data: rows.map((row, y) => [number(row.after), y])}
        ]
      });
    },
    coverage({rows: told, head}) {
      const rows = told.filter(row => row.before !== '');
      const keys = ['before', 'before-expected', 'after', 'after-expected'];
      return base({
        xAxis: across(english ? 'tickets' : '票号数'),
        yAxis: names(rows.map(row => row.name)),
        series: keys.map((key, i) => ({name: head[key], type: 'bar', itemStyle: {color: [BEFORE, 'transparent', AFTER, 'transparent'][i], borderColor: i < 2 ? BEFORE : AFTER, borderWidth: i % 2, borderType: 'dashed'}, data: rows.map(row => Number(row[key]) || 0)}))
      });
    },
    shares({rows, head}) {
      return base({
        legend: {show: false},
        grid: {left: 22, right: 56, bottom: foot(), top: 10, containLabel: true},
        xAxis: across('%', {max: 100, interval: narrow() ? 50 : 20}),
        yAxis: names(rows.map(row => row.name)),
        series: [{name: head.percent, type: 'bar', itemStyle: {color: AFTER}, label: {show: true, position: 'right', fontSize: paper ? 8 : 12, color: ink, formatter: one => one.value.toFixed(1) + ' %'}, data: rows.map(row => number(row.percent))}]
      });
    },
    band({rows, facts, head}) {
      const months = rows.map(row => row.month);
      const from = months.find(month => month >= (facts.from || '').slice(0, 7));
      const line = (key, color, type, symbol) => ({name: head[key], type: 'line', symbol, symbolSize: 6, lineStyle: {color, type, width: key === 'change' ? 3 : 2}, itemStyle: {color}, data: rows.map(row => number(row[key]))});
      const edge = (data, more) => ({name: '95 %', type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', lineStyle: {opacity: 0}, itemStyle: {color: AFTER}, tooltip: {show: false}, data, ...more});
      const banded = rows.some(row => row.low !== '');
      return base({
        legend: {textStyle: {color: ink, fontSize: paper ? 9 : 12}, top: 0, right: 8, icon: 'roundRect', data: [head.change, head.fisher, head.geks]},
        xAxis: dates(months, {boundaryGap: false}),
        yAxis: value('%', {min: one => Math.floor(Math.min(one.min, Number(facts.target)) - 1), max: one => Math.ceil(Math.max(one.max, 0) + 1), axisLabel: {showMinLabel: false}}),
        series: [
          ...(banded ? [edge(rows.map(row => number(row.low))), edge(rows.map(row => row.low === '' ? null : number(row.high) - number(row.low)), {areaStyle: {color: AFTER, opacity: 0.25}})] : []),
          {...line('change', AFTER, 'solid', 'circle'),
            markLine: {symbol: 'none', silent: true, data: [
              {yAxis: Number(facts.target), lineStyle: {type: 'dashed', color: BEFORE, width: 2}, label: {color: ink, fontSize: paper ? 8 : 12, position: 'insideEndTop', formatter: (english ? 'target ' : '目标 ') + facts.target + ' %'}},
              ...(from ? [{xAxis: from, lineStyle: {type: 'dotted', color: soft}, label: {color: soft, position: 'end', rotate: 0, fontSize: paper ? 8 : 11, formatter: english ? 'period begins' : '报告期起'}}] : [])]}},
          line('fisher', OTHER, 'dashed', 'diamond'),
          line('geks', BEFORE, 'dotted', 'rect')
        ]
      });
    },
    index({rows, facts, head}) {
      return base({
        legend: {show: false},
        grid: {left: 22, right: 18, bottom: foot(), top: paper ? 20 : 38, containLabel: true},
        xAxis: across('%', {min: one => Math.floor(Math.min(one.min, Number(facts.target)) - 1), max: one => Math.ceil(Math.max(one.max, Number(facts.target)) + 1)}),
        yAxis: names(rows.map(row => row.name)),
        series: [
          {type: 'custom', silent: true, data: rows.map((row, y) => [number(row.low), number(row.high), y]).filter(one => one[0] !== null), encode: {x: [0, 1], y: 2},
            renderItem: (_, api) => {
              const a = api.coord([api.value(0), api.value(2)]);
              const b = api.coord([api.value(1), api.value(2)]);
              return {type: 'rect', shape: {x: a[0], y: a[1] - 6, width: b[0] - a[0], height: 12}, style: {fill: AFTER, opacity: 0.3}};
            }},
          {name: head.change, type: 'scatter', symbolSize: 12, itemStyle: {color: AFTER}, label: {show: true, position: paper ? 'right' : 'top', fontSize: paper ? 8 : 12, color: ink, formatter: one => one.value[0].toFixed(1) + ' %'}, data: rows.map((row, y) => [number(row.change), y]),
            markLine: {symbol: 'none', data: [{xAxis: Number(facts.target), lineStyle: {type: 'dashed', color: BEFORE, width: 2}, label: {color: ink, fontSize: paper ? 8 : 12, position: 'start', formatter: (english ? 'target ' : '目标 ') + facts.target + ' %'}}]}}
        ]
      });
    },
    waterfall({rows, facts, head}) {
      let at = 0;
      const bars = rows.map(row => {
        const from = at;
        at += number(row.points) || 0;
        return {from: Math.min(from, at), size: Math.abs(at - from), down: at < from};
      });
      // Bars below zero hang from above: the floor is drawn without colour.
      const under = bars.map(bar => bar.from + bar.size <= 0 ? bar.from + bar.size : bar.from);
      // As the verdict says it, with the same digits.
      const total = facts.total ?? at.toFixed(1);
      const all = [...rows.map(row => row.name), english ? 'index, all together' : '指数（合计）'];
      return base({
        legend: {show: false},
        grid: {left: 8, right: 56, bottom: foot(), top: paper ? 2 : 10, containLabel: true},
        tooltip: {trigger: 'axis', renderMode: 'richText', confine: true, formatter: some => all[some[0].dataIndex] + '\n' + (rows[some[0].dataIndex]?.points ?? total)},
        xAxis: across(english ? 'percentage points' : '百分点'),
        yAxis: names(all, {axisLabel: narrow() ? {fontSize: 9, lineHeight: 11, width: 120} : {fontSize: paper ? 7 : 11}}),
        series: [
          {type: 'bar', stack: 'all', itemStyle: {color: 'transparent'}, data: [...under, 0]},
          {name: head.points, type: 'bar', stack: 'all', label: {show: true, position: 'right', fontSize: paper ? 8 : 12, color: ink, formatter: one => one.dataIndex < rows.length ? rows[one.dataIndex].points : total},
            data: [...bars.map(bar => ({value: bar.from + bar.size <= 0 ? -bar.size : bar.size, itemStyle: {color: bar.down ? AFTER : BEFORE}})), {value: at, itemStyle: {color: OTHER}}]}
        ]
      });
    },
    parts({rows, head}) {
      return base({
        legend: {show: false},
        grid: {left: 22, right: paper ? 40 : 64, bottom: foot(), top: paper ? 8 : 38, containLabel: true},
        xAxis: across('%'),
        yAxis: names(rows.map(row => row.name)),
        series: [{name: head.change, type: 'bar', label: {show: true, position: 'right', fontSize: paper ? 8 : 12, color: ink, formatter: one => (one.value > 0 ? '+' : '') + one.value.toFixed(1) + ' %'}, data: rows.map((row, i) => ({value: number(row.change), itemStyle: {color: i === rows.length - 1 ? OTHER : number(row.change) > 0 ? BEFORE : AFTER}}))}]
      });
    },
    held({rows, head}) {
      return base({
        xAxis: across(head.unit, {type: 'log'}),
        yAxis: names(rows.map(row => row.name)),
        series: [
          {name: head.unit, type: 'scatter', symbolSize: 12, itemStyle: {color: BEFORE}, data: rows.map((row, y) => [number(row.unit), y])},
          {name: head.median, type: 'scatter', symbol: 'rect', symbolSize: [3, 18], itemStyle: {color: ink}, data: rows.map((row, y) => [number(row.median), y])}
        ]
      });
    },
    dots({rows: all, head}) {
      const drugs = [...new Set(all.map(row => row.drug))].slice(0, paper ? DRUGS_ON_PAPER : undefined);
      const rows = all.filter(row => drugs.includes(row.drug));
      const most = Math.max(...rows.map(row => number(row.units)));
      return base({
        tooltip: {renderMode: 'richText', confine: true, formatter: one => rows[one.dataIndex].pharmacy + '\n' + rows[one.dataIndex].drug + '\n' + rows[one.dataIndex].price},
        // Unit prices of a county lie decades apart.
        xAxis: across(head.price, {type: 'log', minorSplitLine: {show: false}}),
        yAxis: category(drugs, {inverse: true, axisLabel: {color: soft, interval: 0, fontSize: paper ? 7 : 12, width: innerWidth < 600 ? 120 : 200, overflow: 'truncate'}}),
        series: [
          {name: head.price, type: 'scatter', symbolSize: (_, one) => 7 + 22 * Math.sqrt(number(rows[one.dataIndex].units) / most), itemStyle: {color: AFTER, opacity: 0.6, borderColor: ink}, data: rows.map(row => [number(row.price), drugs.indexOf(row.drug)])},
          {name: head.target, type: 'scatter', symbol: 'rect', symbolSize: [3, 18], itemStyle: {color: BEFORE}, data: rows.map(row => [number(row.target), drugs.indexOf(row.drug)])}
        ]
      });
    }
  };

  // On a telephone names have lines instead of width.
  const narrow = () => innerWidth < 600 && !paper;

  function height(kind, told) {
    const drugs = kind === 'dots' ? new Set(told.rows.map(row => row.drug)).size : told.rows.length;
    return ['waterfall', 'dumbbell', 'coverage', 'held', 'dots', 'heat'].includes(kind) ? Math.min(900, Math.max(220, 90 + (kind === 'waterfall' && narrow() ? 36 : 26) * (drugs + 1))) : 320;
  }

  function draw(figure) {
    const place = figure.querySelector('.chart');
    const kind = figure.dataset.chart;
    if (!place || !kinds[kind] || !window.echarts || figure.closest('details.card:not([open])')) {
      return;
    }
    const told = table(figure);
    place.hidden = false;
    place.style.height = height(kind, told) + 'px';
    const chart = charts.get(figure) ?? window.echarts.init(place, null, {renderer: 'canvas'});
    charts.set(figure, chart);
    chart.setOption(kinds[kind](told), true);
    chart.resize();
    figure.dataset.drawn = 'true';
  }

  function all() {
    for (const [figure, chart] of charts) {
      if (!figure.isConnected) {
        chart.dispose();
        charts.delete(figure);
      }
    }
    ink = css('--ink');
    soft = css('--soft');
    line = css('--line');
    document.querySelectorAll('[data-chart]').forEach(draw);
  }

  all();
  // What was swapped in tells of itself; what was swapped out cannot any more.
  document.addEventListener('htmx:load', all);
  // What cannot be told now is asked again; the verdict that is shown stays.
  document.addEventListener('htmx:beforeSwap', event => {
    if (event.detail.xhr.status >= 400 || event.detail.xhr.responseURL.includes('/sign-in')) {
      event.detail.shouldSwap = false;
      setTimeout(() => window.htmx.trigger(event.detail.elt, 'load'), 5000);
    }
  });
  document.addEventListener('toggle', event => event.target.matches?.('details.card') && all(), true);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', all);
  let small = narrow();
  addEventListener('resize', () => {
    if (!paper && small !== narrow()) {
      small = narrow();
      all();
    } else {
      charts.forEach(chart => chart.resize());
    }
  });
  // A4: two charts side by side; beside the dots of all drugs the others are lower.
  function size(figure) {
    if (figure.parentElement.classList.contains('wide')) {
      return {width: 680, height: 135};
    }
    const low = document.querySelector('.figures.wide') && figure.dataset.chart !== 'waterfall' && figure.dataset.chart !== 'parts';
    return {width: 330, height: low ? 135 : document.querySelector('.figures.wide') ? 172 : 190};
  }
  addEventListener('beforeprint', () => {
    paper = true;
    charts.forEach((chart, figure) => {
      const told = size(figure);
      figure.querySelector('.chart').style.height = told.height + 'px';
      chart.setOption(kinds[figure.dataset.chart](table(figure)), true);
      chart.resize(told);
    });
  });
  addEventListener('afterprint', () => {
    paper = false;
    all();
  });
  document.addEventListener('click', event => {
    if (event.target.closest('[data-print]')) {
      print();
    }
  });
})();
