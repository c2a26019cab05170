/** Runs the judge over the labelled pairs that ship with it. */
package dev.drpo.judge.selftest;
