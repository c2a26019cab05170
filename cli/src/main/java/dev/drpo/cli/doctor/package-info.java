/** {@code drpo doctor}: what a machine has and what it lacks, and what a device computes. */
package dev.drpo.cli.doctor;
