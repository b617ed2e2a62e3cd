package io.flexmetry.ingest.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.ingest.signature.Form.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

    @Test
    void shouldKeepOrderRepeatedNamesAndEmptyValues() throws MalformedFormException {
        Form form = Form.parse("b=1&a=&b=2&c&&d=x=y".getBytes(ISO_8859_1));

        assertThat(form.parameters())
                .containsExactly(
                        new Parameter("b", "1"),
                        new Parameter("a", ""),
                        new Parameter("b", "2"),
                        new Parameter("c", ""),
                        new Parameter("d", "x=y"));
        assertThat(form.find("a")).isEmpty();
        assertThat(form.find("b")).hasValue("1");
    }

    @Test
    void shouldDecodePlusEscapesAndNamesWithDots() throws MalformedFormException {
        Form form = Form.parse("MessagingBinding.Address=%2b1+5%C3%A9".getBytes(ISO_8859_1));

        assertThat(form.find("MessagingBinding.Address")).hasValue("+1 5é");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%4", "a=%4&b=1", "a=%zz", "%=1"})
    void shouldRefuseABrokenEscapeAndSayWhere(String body) {
        assertThatThrownBy(() -> Form.parse(body.getBytes(ISO_8859_1)))
                .isInstanceOf(MalformedFormException.class)
                .hasMessageContaining("after the % at byte");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=\u00ff\u00fe", "a=%C3", "a=%FF"})
    void shouldRefuseInvalidUtf8(String body) {
        assertThatThrownBy(() -> Form.parse(body.getBytes(ISO_8859_1)))
                .isInstanceOf(MalformedFormException.class)
                .hasMessageContaining("UTF-8");
    }
}
