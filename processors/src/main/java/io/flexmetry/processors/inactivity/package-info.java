/** Inactivity: detects silences and takes the steps of policies. No step is taken while a customer waits or a backlog is read. */
@NullMarked
package io.flexmetry.processors.inactivity;

import org.jspecify.annotations.NullMarked;
