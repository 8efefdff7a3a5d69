package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Signing in at a real Keycloak, of which the county's realm is one file.
@Tag("soak")
class KeycloakTest {
    private static final String VERSION = "26.4.7";
    private static final URI ARCHIVE =
            URI.create(
                    "https://repo.maven.apache.org/maven2/org/keycloak/keycloak-quarkus-dist/"
                            + VERSION
                            + "/keycloak-quarkus-dist-"
                            + VERSION
                            + ".zip");
    private static final String SHA256 =
            "dd9834c023460be856f731423d86228c23b5d002194a2064642bec0cc6573eaa";
    private static final Path KEPT = Path.of("target/keycloak-" + VERSION + ".zip");
    private static final String PUBLIC_URL = "http://yifang.test";
    private static final String PASSWORD = "at-the-provider-7";
    private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");

    @TempDir static Path folder;

    private static Process keycloak;
    private static String url;
    private static TestService service;

    @BeforeAll
    static void start() throws Exception {
        Path home = unpacked();
        Path realms = Files.createDirectories(home.resolve("data/import"));
        Files.writeString(realms.resolve("county.json"), realm());
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        url = "http://127.0.0.1:" + port;
        ProcessBuilder builder =
                new ProcessBuilder(
                        "bash",
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--http-management-port=0",
                        "--import-realm");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m");
        keycloak =
                builder.redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keycloak.log").toFile())
                        .start();
        Awaitility.await()
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(500))
                .until(KeycloakTest::isThere);
        service =
                TestService.own(
                        Map.of(
                                "YIFANG_PUBLIC_URL",
                                PUBLIC_URL,
                                "YIFANG_OIDC_ISSUER",
                                url + "/realms/county"));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (service != null) {
            service.close();
        }
        if (keycloak != null) {
            keycloak.descendants().forEach(ProcessHandle::destroy);
            keycloak.destroy();
            keycloak.waitFor();
        }
    }

    private static boolean isThere() throws IOException {
        if (!keycloak.isAlive()) {
            throw new IllegalStateException(Files.readString(folder.resolve("keycloak.log")));
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                                    HttpRequest.newBuilder(URI.create(url + "/realms/county"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /// Its archive, fetched once; where there is no way to it, the test is skipped.
    private static Path unpacked() throws Exception {
        if (!Files.exists(KEPT)) {
            try (InputStream in = ARCHIVE.toURL().openStream()) {
                Path part = Files.createTempFile(folder, "keycloak", ".zip");
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, KEPT, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException away) {
                Assumptions.abort("Keycloak cannot be fetched here: " + away);
            }
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(KEPT));
        assertThat(HexFormat.of().formatHex(hash)).isEqualTo(SHA256);
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(KEPT))) {
            for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
                Path to = folder.resolve(each.getName()).normalize();
                assertThat(to).startsWithRaw(folder);
                if (each.isDirectory()) {
                    Files.createDirectories(to);
                } else {
                    Files.createDirectories(to.getParent());
                    Files.copy(zip, to);
                }
            }
        }
        return folder.resolve("keycloak-" + VERSION);
    }

    private static String realm() {
        return """
        {"realm":"county","enabled":true,"sslRequired":"none",
         "clients":[{"clientId":"yifang","enabled":true,"publicClient":true,
          "standardFlowEnabled":true,"implicitFlowEnabled":false,
          "directAccessGrantsEnabled":false,
          "redirectUris":["%s/sign-in/return"],
          "attributes":{"pkce.code.challenge.method":"S256"}}],
         "users":[%s,%s]}\
        """
                .formatted(PUBLIC_URL, user("pharmacist-1"), user("stranger"));
    }

    private static String user(String login) {
        return """
        {"username":"%s","enabled":true,"firstName":"示","lastName":"例",
         "email":"%s@example.org","emailVerified":true,
         "credentials":[{"type":"password","value":"%s","temporary":false}]}\
        """
                .formatted(login, login, PASSWORD);
    }

    /// Where Keycloak sends somebody back; empty when it does not.
    private static String signedIn(String address, String login, String password) {
        Browser there = new Browser("");
        Browser.Page page = there.get(address);
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        Matcher form = FORM.matcher(page.text());
        assertThat(form.find()).as(page.text()).isTrue();
        Browser.Page answer =
                there.send(
                        there.form(
                                form.group(1).replace("&amp;", "&"),
                                Map.of("username", login, "password", password)));
        return answer.location();
    }

    private static Browser.Page comesBack(Browser browser, String login) {
        String address = browser.get(browser.get("/sign-in?back=/account").location()).location();
        assertThat(address).startsWith(url + "/realms/county/protocol/openid-connect/auth?");
        String back = signedIn(address, login, PASSWORD);
        assertThat(back).startsWith(PUBLIC_URL + "/sign-in/return?");
        return browser.get(back.substring(PUBLIC_URL.length()));
    }

    @Test
    void a_pharmacist_known_at_keycloak_works_at_the_counter() {
        Browser browser = new Browser(service.url());
        Browser.Page in = comesBack(browser, "pharmacist-1");
        assertThat(in.status()).as(in.text()).isEqualTo(303);
        assertThat(in.location()).isEqualTo("/account");
        assertThat(browser.get("/counter").status()).isEqualTo(200);
        Browser again = new Browser(service.url());
        assertThat(comesBack(again, "pharmacist-1").status()).isEqualTo(303);
    }

    @Test
    void who_has_no_account_here_is_told_so() {
        Browser browser = new Browser(service.url());
        Browser.Page out = comesBack(browser, "stranger");
        assertThat(out.status()).isEqualTo(403);
        assertThat(out.text()).contains("data-why=\"UNKNOWN\"");
    }

    @Test
    void keycloak_s_codes_are_good_once() {
        Browser browser = new Browser(service.url());
        String address = browser.get(browser.get("/sign-in?back=/").location()).location();
        assertThat(signedIn(address, "pharmacist-1", "wrong")).isEmpty();
        String back = signedIn(address, "pharmacist-1", PASSWORD).substring(PUBLIC_URL.length());
        String remembered = browser.cookies().get("yifang-provider");
        assertThat(browser.get(back).status()).isEqualTo(303);
        browser.cookies().put("yifang-provider", remembered);
        assertThat(browser.get(back).text()).contains("data-why=\"REFUSED\"");
    }
}
