/** The responses of a run that are kept for people, in files of its folder. */
package dev.drpo.reports.samples;
