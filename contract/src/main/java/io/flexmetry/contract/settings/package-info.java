/** Environment variables and the YAML file, read strictly: anything unknown stops the start. */
@NullMarked
package io.flexmetry.contract.settings;

import org.jspecify.annotations.NullMarked;
