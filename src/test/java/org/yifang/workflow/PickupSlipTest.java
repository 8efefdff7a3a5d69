package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;
import org.yifang.workflow.Story.Rx;

import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import javax.imageio.ImageIO;

class PickupSlipTest {
    private final Story story = new Story(TestService.shared());

    private static HttpResponse<byte[]> slip(Client client, Rx rx, String accept) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    client.request(rx.path() + "/$pickup-slip").header("Accept", accept).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static String token(Rx rx) {
        for (var output : rx.task().path("output")) {
            if (output.at("/type/coding/0/code").asText().equals("pickup-token")) {
                return output.path("valueString").asText();
            }
        }
        return "";
    }

    @Test
    void as_a_picture_its_qr_code_opens_the_patients_page_and_claims() throws Exception {
        Rx rx = story.prescribed();
        HttpResponse<byte[]> slip = slip(story.patient(), rx, "image/png");
        assertThat(slip.statusCode()).isEqualTo(200);
        assertThat(slip.headers().firstValue("Content-Type")).hasValue("image/png");
        assertThat(slip.headers().firstValue("Cache-Control")).hasValue("no-store");
        Files.write(Files.createDirectories(Path.of("target")).resolve("slip.png"), slip.body());
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(slip.body()));
        int[] pixels =
                image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        var bitmap =
                new BinaryBitmap(
                        new HybridBinarizer(
                                new RGBLuminanceSource(
                                        image.getWidth(), image.getHeight(), pixels)));
        String address = new QRCodeReader().decode(bitmap).getText();
        assertThat(address).startsWith("http").endsWith("/my#" + token(rx));
        Reply claim =
                story.pharmacy.call("/fhir/Task/$claim", Story.string("pickup-token", address));
        assertThat(claim.status()).as(claim.raw().body()).isEqualTo(200);
    }

    @Test
    void its_font_has_what_stands_on_it() throws Exception {
        try (InputStream file = getClass().getResourceAsStream("/fonts/NotoSansSC-GB2312.otf")) {
            Font font = Font.createFont(Font.TRUETYPE_FONT, Objects.requireNonNull(file));
            assertThat(font.canDisplayUpTo("取药凭证取药码患者处方号后六位药品可取药时间自有效期至请到任一联网药店出示二维码，。"))
                    .isEqualTo(-1);
            assertThat(font.canDisplayUpTo("ABCDEFGHJKLMNPQRTUVWXYZ2346789*:- ")).isEqualTo(-1);
        }
    }

    @Test
    void as_a_page_it_has_code_and_masked_name_in_text() throws Exception {
        Rx rx = story.prescribed();
        HttpResponse<byte[]> slip = slip(story.hospital, rx, "application/pdf");
        assertThat(slip.statusCode()).isEqualTo(200);
        assertThat(slip.headers().firstValue("Content-Type")).hasValue("application/pdf");
        Files.write(Files.createDirectories(Path.of("target")).resolve("slip.pdf"), slip.body());
        String page = new String(slip.body(), StandardCharsets.ISO_8859_1);
        String code = rx.code().replace("-", "");
        assertThat(page).startsWith("%PDF-1.4").endsWith("%%EOF\n");
        String half = String.join(" ", code.substring(0, 4).split(""));
        assertThat(page).contains("(" + half + "   ");
        // 陈*英, of whom the middle name is nobody's business.
        assertThat(page).contains("<9648>").contains("<82F1>").doesNotContain("79C0");
        String table = page.substring(page.lastIndexOf("startxref\n") + 10).split("\n")[0];
        assertThat(page.substring(Integer.parseInt(table))).startsWith("xref\n");
    }

    @Test
    void there_is_none_in_a_final_state_and_none_for_others() throws Exception {
        Rx rx = story.prescribed();
        assertThat(
                        slip(new Client(TestService.shared(), "hospital-2"), rx, "image/png")
                                .statusCode())
                .isEqualTo(404);
        assertThat(slip(story.pharmacy, rx, "image/png").statusCode()).isEqualTo(403);
        assertThat(slip(story.hospital, rx, "text/html").statusCode()).isEqualTo(406);
        story.cancel(rx);
        assertThat(slip(story.hospital, rx, "application/pdf").statusCode()).isEqualTo(409);
    }
}
