/** Environment variables and the YAML file, read strictly: what is unknown stops the start. */
@NullMarked
package io.flexmetry.contract.settings;

import org.jspecify.annotations.NullMarked;
