/** Sends traces of groups to a collector. */
package dev.drpo.service.tracing;
