/**
 * What a run leaves behind for people: metrics.jsonl while it trains; report.json, report.md,
 * report.html and plots when it ends. Plain Java: no tensor engine, no framework.
 */
package dev.drpo.reports;
