/** What every service of the system is built on: its start, its run's configuration, its ports. */
package dev.drpo.service;
