// The charts this product draws, and nothing more. Scatter is part of the core.
var Plotly = require('plotly.js/lib/core');

Plotly.register([
    require('plotly.js/lib/bar'),
    require('plotly.js/lib/heatmap'),
    require('plotly.js/lib/waterfall'),
    require('plotly.js/lib/indicator'),
    require('plotly.js/lib/table'),
    require('plotly.js/lib/locales/zh-cn'),
]);

module.exports = Plotly;
