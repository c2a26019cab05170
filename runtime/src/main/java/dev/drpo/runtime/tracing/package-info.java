/** What a group's way from prompt to learner is made of, for whoever collects traces. */
package dev.drpo.runtime.tracing;
