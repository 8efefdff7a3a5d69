package org.yifang.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.Basic;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class XmlShownTest {
    private static final AnswerFormat XML =
            new AnswerFormat(Fhir.Format.XML, Fhir.Format.XML.mediaType(), false, null, null);

    /// As it may have been stored before such texts were refused.
    @ParameterizedTest
    @ValueSource(strings = {"\\u001b", "\\b", "\\uFFFE"})
    void what_xml_cannot_carry_is_shown_escaped(String stored) {
        String json =
                "{\"resourceType\":\"Basic\",\"text\":{\"status\":\"generated\",\"div\":\"<div"
                        + " xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a"
                        + stored
                        + "b</div>\"},\"code\":{\"text\":\"a"
                        + stored
                        + "b\"}}";

        byte[] xml = Bodies.rewrite(json.getBytes(StandardCharsets.UTF_8), XML);

        Resource read = Fhir.parse(xml, Fhir.Format.XML);
        assertThat(((Basic) read).getCode().getText()).matches("a\\\\u[0-9a-f]{4}b");
    }
}
