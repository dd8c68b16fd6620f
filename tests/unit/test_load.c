/* Loading against what goes wrong in practice: each fault gives one clear sentence, good rows stay,
 * and where nothing was good the file is as it was. All values here are invented. */
#include "load/input.h"
#include "load_fixture.h"

#include <fcntl.h>
#include <zip.h>
#include <zlib.h>
#include <zstd.h>

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    fixture_open(f, "load.wijk");
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    free(*state);
    return 0;
}

/* Bytes under the name of a known layout: CBS figures by PC4 of 2020. */
static const char pc4[] = "cbs_pc4_2020_v1.csv";

static int load(fixture *f, wijk_load_report *report, const char *name, const void *bytes,
                size_t size)
{
    wijk_load_options options = {.sources = f->sources};
    return wijk_load_bytes(report, f->store, f->registry, name, bytes, size, &options, NULL);
}

static int load_text(fixture *f, wijk_load_report *report, const char *name, const char *text)
{
    return load(f, report, name, text, strlen(text));
}

/* The load fails with this code, says these words in both languages, and changes nothing. */
static void refused(fixture *f, const char *name, const void *bytes, size_t size, int code,
                    const char *nl, const char *en)
{
    wijk_load_report report;
    state_of_file before = look(f->store);
    int rc = load(f, &report, name, bytes, size);
    if (rc != code || !strstr(wijk_error(WIJK_NL), nl) || !strstr(wijk_error(WIJK_EN), en)) {
        fail_msg("%d, %s, %s", rc, wijk_error(WIJK_NL), wijk_error(WIJK_EN));
    }
    assert_int_equal(report.load, 0);
    wijk_load_report_free(&report);
    state_of_file after = look(f->store);
    assert_memory_equal(&before, &after, sizeof before);
}

static void refused_text(fixture *f, const char *name, const char *text, int code, const char *nl,
                         const char *en)
{
    refused(f, name, text, strlen(text), code, nl, en);
}

static double value_of(fixture *f, const char *code, const char *indicator, int period)
{
    wijk_stmt *stmt = wijk_store_sql(
        f->store, "SELECT o.value FROM observation o JOIN area a ON a.id = o.area_id JOIN "
                  "indicator i ON i.id = o.indicator_id WHERE a.code = ?1 AND i.code = ?2 AND "
                  "o.period = ?3 ORDER BY o.load_id DESC");
    wijk_bind_text(stmt, 1, code);
    wijk_bind_text(stmt, 2, indicator);
    wijk_bind_int(stmt, 3, period);
    int rc = wijk_step(stmt);
    must(rc);
    double value = rc == 1 ? wijk_col_double(stmt, 0) : -1;
    wijk_reset(stmt);
    return value;
}

/* ---- rows ------------------------------------------------------------------------------- */

static void test_good_rows_stay(void **state)
{
    fixture *f = *state;
    wijk_load_report report;
    must(load_text(f, &report, pc4,
                   "PC4,INWONER,MAN,VROUW,RARE_KOLOM\n"
                   "1011,100,-99997,50,7\n" /* withheld */
                   "1012,abc,20,30,\n"      /* not a number */
                   ",10,20,30,\n"           /* no area */
                   "99,10,20,30,\n"         /* no code */
                   "1011,5,5,5,\n"          /* again */
                   "1013,10,20\n"           /* short */
                   "1014,10,20,30,,9\n"     /* long */
                   "1015,,40,45,8\n"));     /* empty */
    assert_int_equal(report.rows_read, 8);
    assert_int_equal(report.rows_kept, 3);
    assert_int_equal(report.cells_kept, 6);
    assert_int_equal(report.secret, 1);
    assert_int_equal(report.missing, 1);
    const wijk_load_note *note = note_of(&report, "bad number", "inwoner");
    assert_non_null(note);
    assert_int_equal(note->count, 1);
    assert_string_equal(note->example, "row 3, column inwoner: \"abc\"");
    note = note_of(&report, "unknown column", "rare_kolom");
    assert_non_null(note);
    assert_int_equal(note->count, 2);
    static const struct {
        const char *reason;
        int count;
    } rows[] = {{"no area code", 1},
                {"bad area code", 1},
                {"duplicate", 1},
                {"short row", 1},
                {"long row", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        note = note_of(&report, rows[i].reason, "");
        assert_non_null(note);
        assert_int_equal(note->count, rows[i].count);
        assert_string_not_equal(wijk_load_reason_text(WIJK_NL, note->reason), note->reason);
    }
    assert_true(value_of(f, "1011", "population", 2020) == 100);
    assert_true(number_of(f->store, "SELECT count(*) FROM load_note") == (double)report.note_count);
    wijk_load_report_free(&report);

    wijk_str text = WIJK_STR_INIT;
    wijk_load_example_text(&text, WIJK_NL, "row 3, column INWONER: \"abc\"");
    assert_string_equal(wijk_str_text(&text), "rij 3, kolom INWONER: \"abc\"");
    wijk_str_free(&text);
}

static void test_wrong_files(void **state)
{
    fixture *f = *state;
    refused_text(f, pc4, "", WIJK_EFORMAT, "leeg", "empty");
    refused_text(f, pc4, "\n  \n", WIJK_EFORMAT, "leeg", "empty");
    refused_text(f, pc4, "PC4,INWONER,MAN\n", WIJK_EFORMAT, "geen rijen", "no rows");
    refused_text(f, pc4, "PC4,INWONER\n,5\n,6\n", WIJK_EFORMAT, "geen enkele rij", "no usable row");
    refused_text(f, "iets.csv", "a^b\n1^2\n", WIJK_ENOTFOUND, "niet herkend", "not recognised");
    refused_text(f, "iets.csv", "%PDF-1.7\n%\xE2\xE3\n", WIJK_EFORMAT, "geen tabel", "no table");
    refused_text(f, pc4, "<!DOCTYPE html><html><body>404</body></html>", WIJK_EFORMAT, "webpagina",
                 "web page");
    refused_text(f, "x.geojson",
                 "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":", WIJK_EFORMAT,
                 "x.geojson", "x.geojson");
    refused(f, pc4, "\xFF\xFEP\0C\0", 6, WIJK_EFORMAT, "UTF-16", "UTF-16");
    refused(f, pc4,
            "PC4,INWONER\n1011,\0"
            "5\n",
            20, WIJK_EFORMAT, "geen tabel", "no table");
    refused_text(f, pc4, "INWONER,MAN\n5,6\n", WIJK_EFORMAT, "gebiedscode", "area code");
    refused_text(f, pc4, "PC4,INWONER\n1011,\"5\n", WIJK_EFORMAT, "aanhalingsteken", "quotation");
}

static void test_encoding_and_delimiter(void **state)
{
    fixture *f = *state;
    wijk_load_report report;
    /* A layout with names, by semicolon, decimal comma, padded and in Windows-1252. */
    must(load_text(f, &report, "kwb_2020_gm0363_amsterdam_subset.csv",
                   "District_Type;Municipality_Name;Area_Code;Population_Total;Avg_Household_Size\n"
                   "B\xE2jema;Amsterdam    ;\"BU03630000\"; 1200 ;1,8\n"
                   "Ander;Amsterdam;BU03630001;1300.0;2\n"));
    assert_int_equal(report.rows_kept, 2);
    assert_non_null(note_of(&report, "encoding", ""));
    assert_true(value_of(f, "BU03630000", "household_size", 2020) == 1.8);
    assert_true(number_of(f->store, "SELECT count(*) FROM area WHERE name = 'B\xC3\xA2jema'") == 1);
    assert_true(number_of(f->store, "SELECT count(*) FROM area b JOIN area w ON w.id = b.parent_id "
                                    "JOIN area g ON g.id = w.parent_id JOIN area n ON n.id = "
                                    "g.parent_id WHERE b.code = 'BU03630000' AND w.code = "
                                    "'WK036300' AND g.name = 'Amsterdam' AND n.code = 'NL'") == 1);
    wijk_load_report_free(&report);
}

/* Long layouts add up; a withheld part withholds the sum. */
static void test_long_layout(void **state)
{
    fixture *f = *state;
    wijk_load_report report;
    must(load_text(f, &report, "nodes_sex.csv",
                   "year,group,code,inflow,outflow\n2011,male,GM0001,10,20\n"
                   "2011,female,GM0001,30,40\n2011,other,GM0001,1,1\n2011,male,GM0001,5,5\n"));
    assert_non_null(note_of(&report, "unknown category", "other"));
    assert_non_null(note_of(&report, "duplicate", ""));
    assert_true(value_of(f, "GM0001", "moves_in_male", 2011) == 10);
    assert_true(value_of(f, "GM0001", "moves_in", 2011) == 40);
    assert_true(value_of(f, "GM0001", "moves_out", 2011) == 60);
    wijk_load_report_free(&report);
}

static void test_flows(void **state)
{
    fixture *f = *state;
    wijk_load_report report;
    must(load_text(f, &report, "edges_sex.csv",
                   "year,group,from,to,flow\n2011,male,GM0001,GM0002,12.5\n"
                   "2011,male,GM0001,XX,3\n2012,male,GM0002,GM0001,x\n"));
    assert_int_equal(report.flows, 1);
    assert_int_equal(report.rows_kept, 1);
    assert_true(number_of(f->store, "SELECT value FROM flow") == 12.5);
    wijk_load_report_free(&report);
}

/* ---- twice, and newer -------------------------------------------------------------------- */

static void test_lineage(void **state)
{
    fixture *f = *state;
    wijk_load_report report;
    static const char first[] = "PC4,INWONER,MAN\n1011,100,50\n1012,200,90\n";
    must(load_text(f, &report, pc4, first));
    int64_t old = report.load;
    wijk_load_report_free(&report);
    state_of_file before = look(f->store);
    must(load_text(f, &report, pc4, first));
    assert_true(report.unchanged);
    assert_true(report.load == old);
    wijk_load_report_free(&report);
    state_of_file after = look(f->store);
    assert_memory_equal(&before, &after, sizeof before);

    /* Other places do not replace. */
    must(load_text(f, &report, pc4, "PC4,INWONER,MAN\n2011,100,50\n2012,200,90\n"));
    assert_int_equal(report.supersedes, 0);
    wijk_load_report_free(&report);
    /* A correction of the first does. */
    must(load_text(f, &report, pc4, "PC4,INWONER,MAN\n1011,105,50\n1012,200,95\n"));
    assert_true(report.supersedes == old);
    int64_t newer = report.load;
    wijk_load_report_free(&report);
    assert_true(number_of(f->store, "SELECT count(*) FROM load WHERE superseded_by IS NULL") == 2);
    assert_true(number_of(f->store, "SELECT superseded_by FROM load WHERE superseded_by IS NOT "
                                    "NULL") == (double)newer);
    assert_true(value_of(f, "1011", "population", 2020) == 105);
    assert_true(number_of(f->store, "SELECT count(*) FROM observation WHERE load_id = 1") == 4);
}

/* A run that is broken off between the last file and what follows from it is made good later, also
 * when an earlier run was whole. */
static void test_deriving_is_not_forgotten(void **state)
{
    fixture *f = *state;
    static const char areas[] = "SELECT areas FROM series WHERE level = 4 LIMIT 1";
    wijk_load_report report;
    for (int run = 0; run < 2; run++) {
        static const char *const text[] = {"PC4,INWONER,MAN\n1011,100,50\n",
                                           "PC4,INWONER,MAN\n1012,100,50\n"};
        must(load_text(f, &report, pc4, text[run]));
        wijk_load_report_free(&report);
        assert_true((number_of(f->store, "SELECT count(*) FROM series") > 0) == run);
        must(load_text(f, &report, pc4, text[run])); /* unchanged */
        assert_true(report.unchanged);
        wijk_load_report_free(&report);
        must(wijk_derive_when_due(f->store, NULL, NULL));
        assert_true(number_of(f->store, areas) == run + 1);
    }
    int64_t before = wijk_store_data_version(f->store);
    must(wijk_derive_when_due(f->store, NULL, NULL));
    assert_true(wijk_store_data_version(f->store) == before);
}

/* Memory that runs out at any moment leaves the file as it was, and says so. */
static void test_memory_runs_out(void **state)
{
    fixture *f = *state;
    static const char text[] = "PC4,INWONER,MAN\n1011,100,50\n1012,abc,90\n";
    state_of_file before = look(f->store);
    int failures = 0;
    for (long n = 1; n < 2000; n++) {
        wijk_load_report report;
        wijk_alloc_fail_at(n, 1);
        int rc = load_text(f, &report, pc4, text);
        wijk_alloc_fail_at(0, 0);
        wijk_load_report_free(&report);
        if (!rc) {
            break;
        }
        failures++;
        assert_true(*wijk_error(WIJK_NL) != 0);
        state_of_file after = look(f->store);
        assert_memory_equal(&before, &after, sizeof before);
    }
    assert_true(failures > 20 && failures < 1999);
    assert_true(value_of(f, "1011", "population", 2020) == 100);
}

/* ---- archives ---------------------------------------------------------------------------- */

static const char table[] = "PC4,INWONER,MAN\n1011,100,50\n1012,200,90\n1013,300,120\n";

static size_t pack_zstd(char *out, size_t room, const char *text, size_t size)
{
    size_t packed = ZSTD_compress(out, room, text, size, 3);
    assert_false(ZSTD_isError(packed));
    return packed;
}

static size_t pack_gzip(char *out, size_t room, const char *text, size_t size)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)text;
    stream.avail_in = (uInt)size;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t packed = room - stream.avail_out;
    deflateEnd(&stream);
    return packed;
}

typedef struct {
    const char *name, *text;
    size_t size;
} member;

/* A zip of these members in memory. */
static size_t pack_zip(char *out, size_t room, const member *members, size_t count)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    for (size_t i = 0; i < count; i++) {
        size_t size = members[i].size ? members[i].size : strlen(members[i].text);
        zip_source_t *part = zip_source_buffer(zip, members[i].text, size, 0);
        assert_true(zip_file_add(zip, members[i].name, part, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(source), 0);
    zip_int64_t size = zip_source_read(source, out, room);
    zip_source_close(source);
    zip_source_free(source);
    assert_true(size > 0 && (size_t)size < room);
    return (size_t)size;
}

static void loads_three(fixture *f, const char *name, const char *bytes, size_t size)
{
    wijk_load_report report;
    int rc = load(f, &report, name, bytes, size);
    if (rc) {
        fail_msg("%s: %s", name, wijk_error(WIJK_EN));
    }
    assert_int_equal(report.rows_kept, 3);
    assert_int_equal(report.cells_kept, 6);
    wijk_load_report_free(&report);
}

static void test_archives(void **state)
{
    fixture *f = *state;
    static char packed[1 << 16];
    const member members[] = {{"leesmij.txt", "x", 0}, {"map/tabel.csv", table, 0}};
    size_t size = pack_zstd(packed, sizeof packed, table, strlen(table));
    loads_three(f, "cbs_pc4_2020_v1.csv.zst", packed, size);
    for (size_t cut = 1; cut < size; cut += 7) {
        wijk_load_report report;
        assert_true(load(f, &report, "cbs_pc4_2020_v1.csv.zst", packed, cut) < 0);
        wijk_load_report_free(&report);
    }
    refused(f, "cbs_pc4_2020_v1.csv.zst", packed, size - 3, WIJK_EFORMAT, "afgebroken",
            "cut short");
    size = pack_gzip(packed, sizeof packed, table, strlen(table));
    loads_three(f, "cbs_pc4_2020_v1.csv.gz", packed, size);
    refused(f, "cbs_pc4_2020_v1.csv.gz", packed, size - 9, WIJK_EFORMAT, "afgebroken", "cut short");
    size = pack_zip(packed, sizeof packed, members, 2);
    loads_three(f, "cbs_pc4_2020_v1.csv.zip", packed, size);
    refused(f, "cbs_pc4_2020_v1.csv.zip", packed, size / 2, WIJK_EFORMAT, "afgebroken",
            "cut short");
    const member papers[] = {{"leesmij.pdf", "x", 0}};
    size = pack_zip(packed, sizeof packed, papers, 1);
    refused(f, "p.zip", packed, size, WIJK_EFORMAT, "geen tabel", "no table");
}

/* Many megabytes of empty lines in a few kilobytes. */
static void test_bombs(void **state)
{
    fixture *f = *state;
    enum { BLANKS = 64 << 20 };
    char *blanks = malloc(BLANKS);
    char *packed = malloc(1 << 20);
    memset(blanks, '\n', BLANKS);
    memcpy(blanks, "PC4,INWONER\n", 12);
    size_t size = pack_zstd(packed, 1 << 20, blanks, BLANKS);
    refused(f, "cbs_pc4_2020_v1.csv.zst", packed, size, WIJK_ELIMIT, "pakt uit", "unpacks");
    size = pack_gzip(packed, 1 << 20, blanks, BLANKS);
    /* DEFLATE hardly reaches a thousandfold: nothing but empty rows is left to refuse it. */
    wijk_load_report report;
    assert_true(load(f, &report, "cbs_pc4_2020_v1.csv.gz", packed, size) < 0);
    wijk_load_report_free(&report);
    /* A frame that claims 10 GB. */
    static const unsigned char claim[] = {0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0,    0xE4, 0x0B,
                                          0x54, 0x02, 0,    0,    0,    0x01, 0x00, 0x00};
    refused(f, "cbs_pc4_2020_v1.csv.zst", claim, sizeof claim, WIJK_ELIMIT, "groter dan",
            "larger than");
    free(blanks);
    free(packed);
}

/* A file of 10 GB that takes no room on disk. */
static void test_huge_file(void **state)
{
    fixture *f = *state;
    char path[4200];
    snprintf(path, sizeof path, "%s.csv", f->path);
    int fd = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);
    assert_true(fd >= 0);
    if (!ftruncate(fd, 10ll << 30)) {
        wijk_load_report report;
        assert_int_equal(wijk_load_file(&report, f->store, f->registry, path, NULL, NULL),
                         WIJK_ELIMIT);
        assert_non_null(strstr(wijk_error(WIJK_EN), "larger than"));
        wijk_load_report_free(&report);
    }
    close(fd);
    remove(path);
    wijk_load_report report;
    assert_int_equal(wijk_load_file(&report, f->store, f->registry, path, NULL, NULL),
                     WIJK_ENOTFOUND);
    wijk_load_report_free(&report);
    assert_int_equal(wijk_load_file(&report, f->store, f->registry, "/", NULL, NULL), WIJK_EINVAL);
    wijk_load_report_free(&report);
}

/* ---- workbooks --------------------------------------------------------------------------- */

static const char book_xml[] =
    "<?xml version=\"1.0\"?><workbook xmlns:r=\"r\"><sheets><sheet name=\"Toelichting\" "
    "sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"KWB\" sheetId=\"2\" "
    "r:id=\"rId2\"/></sheets></workbook>";
static const char rels_xml[] =
    "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/><Relationship "
    "Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>";
static const char paper_xml[] =
    "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Lees mij</t></is></c>"
    "</row></sheetData></worksheet>";
static const char strings_xml[] =
    "<sst><si><t>gwb_code</t></si><si><t>regio</t></si><si><t>gm_naam</t></si><si><r><t>a_</t></r>"
    "<r><t>inw</t></r><rPh><t>weg</t></rPh></si><si><t>Buurt &amp; meer</t></si>"
    "<si><t>BU00010001</t></si></sst>";
static const char sheet_xml[] =
    "<worksheet><sheetData>"
    "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
    "<c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v></c>"
    "<c r=\"E1\" t=\"inlineStr\"><is><t>g_hhgro</t></is></c></row>"
    "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>5</v></c><c r=\"B2\" t=\"s\"><v>4</v></c>"
    "<c r=\"D2\"><v>1.235E3</v></c><c r=\"E2\" t=\"str\"><v>2.1</v></c></row>"
    "<row r=\"5\"><c r=\"A5\" t=\"inlineStr\"><is><t>BU00010002</t></is></c><c r=\"D5\" "
    "t=\"inlineStr\"><is><t>.</t></is></c><c r=\"E5\" t=\"e\"><v>#N/A</v></c></row>"
    "<row r=\"6\"><c r=\"A6\" t=\"inlineStr\"><is><t>BU00010003</t></is></c><c r=\"D6\"><v>40</v>"
    "</c></row></sheetData></worksheet>";

static size_t make_book(char *out, size_t room, const char *strings, const char *sheet)
{
    const member members[] = {{"xl/workbook.xml", book_xml, 0},
                              {"xl/_rels/workbook.xml.rels", rels_xml, 0},
                              {"xl/worksheets/sheet1.xml", paper_xml, 0},
                              {"xl/worksheets/sheet2.xml", sheet, 0},
                              {"xl/sharedStrings.xml", strings, 0}};
    return pack_zip(out, room, members, 5);
}

static void test_workbook(void **state)
{
    fixture *f = *state;
    static char packed[1 << 16];
    wijk_load_report report;
    size_t size = make_book(packed, sizeof packed, strings_xml, sheet_xml);
    must(load(f, &report, "kwb-2021.xlsx", packed, size));
    assert_string_equal(report.source, "kwb-2021-xlsx");
    assert_int_equal(report.rows_read, 3);
    assert_int_equal(report.rows_kept, 2);
    assert_true(value_of(f, "BU00010001", "population", 2021) == 1235);
    assert_true(value_of(f, "BU00010001", "household_size", 2021) == 2.1);
    assert_true(value_of(f, "BU00010003", "population", 2021) == 40);
    assert_true(number_of(f->store, "SELECT count(*) FROM area WHERE name = 'Buurt & meer' AND "
                                    "vintage = 2021") == 1);
    wijk_load_report_free(&report);
    /* The same inside another archive. */
    static char again[1 << 16];
    size_t twice = pack_gzip(again, sizeof again, packed, size);
    must(load(f, &report, "kwb-2021.xlsx.gz", again, twice));
    assert_int_equal(report.rows_kept, 2);
    wijk_load_report_free(&report);
    for (size_t cut = 1; cut < size; cut += 61) {
        assert_true(load(f, &report, "kwb-2021.xlsx", packed, cut) < 0);
        wijk_load_report_free(&report);
    }
}

static void test_hostile_workbooks(void **state)
{
    fixture *f = *state;
    static char packed[1 << 16];
    static const char bomb[] =
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
        "<sst><si><t>&b;</t></si></sst>";
    size_t size = make_book(packed, sizeof packed, bomb, sheet_xml);
    refused(f, "kwb-2021.xlsx", packed, size, WIJK_EFORMAT, "documenttype", "document type");
    size = make_book(packed, sizeof packed, strings_xml, bomb);
    refused(f, "kwb-2021.xlsx", packed, size, WIJK_EFORMAT, "documenttype", "document type");
    size = make_book(packed, sizeof packed, strings_xml, "<worksheet><row>");
    refused(f, "kwb-2021.xlsx", packed, size, WIJK_EFORMAT, "beschadigd", "damaged");
    size = make_book(packed, sizeof packed, strings_xml,
                     "<worksheet><row><c r=\"ZZZZ1\"><v>1</v></c></row></worksheet>");
    refused(f, "kwb-2021.xlsx", packed, size, WIJK_ELIMIT, "kolommen", "columns");
    char deep[4096] = "<worksheet>";
    for (int i = 0; i < 100; i++) {
        strcat(deep, "<a>");
    }
    size = make_book(packed, sizeof packed, strings_xml, deep);
    refused(f, "kwb-2021.xlsx", packed, size, WIJK_ELIMIT, "genest", "nested");
    size = make_book(packed, sizeof packed, strings_xml,
                     "<worksheet><row r=\"1\"><c t=\"s\"><v>99</v></c></row></worksheet>");
    refused(f, "kwb-2021.xlsx", packed, size, WIJK_EFORMAT, "gebiedscode", "area code");
}

/* One failing allocation, wherever it is, is told; a text that did not fit is never read. */
static void test_workbook_without_memory(void **state)
{
    fixture *f = *state;
    static char packed[1 << 16];
    static const char sheet[] =
        "<worksheet><row><c t=\"inlineStr\"><is><t>gwb_code</t></is></c><c t=\"inlineStr\"><is>"
        "<t>regio</t></is></c><c t=\"inlineStr\"><is><t>gm_naam</t></is></c><c t=\"inlineStr\">"
        "<is><t>a_inw</t></is></c><c t=\"inlineStr\"><is><t>g_hhgro</t></is></c></row><row>"
        "<c t=\"inlineStr\"><is><t>BU00010001</t></is></c><c t=\"s\"><v>0</v></c><c/><c><v>9</v>"
        "</c></row></worksheet>";
    size_t size = make_book(packed, sizeof packed, "<sst><si/></sst>", sheet);
    state_of_file before = look(f->store);
    int failures = 0;
    for (long n = 1; n < 2000; n++) {
        wijk_load_report report;
        wijk_alloc_fail_at(n, 0);
        int rc = load(f, &report, "kwb-2021.xlsx", packed, size);
        wijk_alloc_fail_at(0, 0);
        wijk_load_report_free(&report);
        if (!rc) {
            break;
        }
        failures++;
        assert_non_null(strstr(wijk_error(WIJK_EN), "memory"));
        state_of_file after = look(f->store);
        assert_memory_equal(&before, &after, sizeof before);
    }
    assert_true(failures > 20 && failures < 1999);
    assert_true(value_of(f, "BU00010001", "population", 2021) == 9);
}

/* A map that must be unpacked to be opened, but is cut: refused as often as it is asked for. */
static void test_half_a_copy(void **state)
{
    (void)state;
    enum { SIZE = 200000 };
    static char map[SIZE] = "SQLite format 3", packed[SIZE * 2];
    uint32_t dice = 1;
    for (size_t i = 16; i < SIZE; i++) {
        dice = dice * 1664525u + 1013904223u;
        map[i] = (char)(dice >> 24);
    }
    size_t size = pack_gzip(packed, sizeof packed, map, sizeof map);
    wijk_input *input;
    const char *path;
    must(wijk_input_open_bytes(&input, "kaart.gpkg.gz", packed, size / 2));
    for (int again = 0; again < 2; again++) {
        assert_int_equal(wijk_input_path(input, &path), WIJK_EFORMAT);
        assert_non_null(strstr(wijk_error(WIJK_EN), "cut short"));
    }
    wijk_input_free(input);
}

/* ---- maps -------------------------------------------------------------------------------- */

static void test_shapes(void **state)
{
    fixture *f = *state;
    wijk_load_report report;
    must(load_text(f, &report, "nl_wijk_2022_rd.geojson",
                   "{\"type\":\"FeatureCollection\",\"features\":["
                   "{\"type\":\"Feature\",\"properties\":{\"code\":\"WK000100\",\"name\":\"Een\"},"
                   "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1000e2,4000e2],"
                   "[1010e2,4000e2],[1010e2,4010e2],[1000e2,4010e2],[1000e2,4000e2]]]}},"
                   "{\"type\":\"Feature\",\"properties\":{\"name\":\"Twee\",\"code\":\"WK000101\"},"
                   "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1020e2,4000e2],"
                   "[1030e2,4010e2],[1030e2,4000e2],[1020e2,4008e2],[1020e2,4000e2]]]}},"
                   "{\"type\":\"Feature\",\"properties\":{\"code\":\"WK000102\",\"name\":\"Punt\"},"
                   "\"geometry\":{\"type\":\"Point\",\"coordinates\":[1000e2,4000e2]}}]}"));
    assert_int_equal(report.rows_read, 3);
    assert_int_equal(report.shapes, 2);
    assert_non_null(note_of(&report, "crossing shape", ""));
    assert_non_null(note_of(&report, "not a polygon", ""));
    assert_true(number_of(f->store, "SELECT count(*) FROM area WHERE name = 'Twee' AND land_m2 > "
                                    "0") == 1);
    wijk_load_report_free(&report);
}

/* ---- figures of one's own ------------------------------------------------------------------ */

typedef struct {
    const char *const *answers;
    size_t at, count;
} talk;

static int answer(void *payload, const char *text, char *out, size_t room)
{
    talk *t = payload;
    assert_true(strlen(text) > 3);
    if (out) {
        if (t->at == t->count) {
            return wijk_fail(WIJK_ECANCEL, "op", "out");
        }
        snprintf(out, room, "%s", t->answers[t->at++]);
    }
    return WIJK_OK;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* A corporation's complexes: several rows per buurt add up; a part that cannot be read makes the
 * sum unknown, and a mean is never added. */
static void test_own_figures(void **state)
{
    fixture *f = *state;
    char path[4200], map[4300];
    snprintf(path, sizeof path, "%s-bezit.csv", f->path);
    write_file(path, "complex;buurt;jaar;woningen;gesloopt;huur\n"
                     "A1;BU00010001;2024;120;0;\"601,50\"\n"
                     "A2;BU00010001;2024;80;4;700\n"
                     "B1;BU00010002;2024;60;veel;650\n"
                     "B2;BU00010002;2024;10;3;660\n");
    /* Enter takes what is offered: column 2 by its codes, buurt, column 3 by its years. */
    static const char *const answers[] = {
        "99",    "",  "",    "",     "", "Stichting", "Bezit",     "-",    "+",    "",     "", "",
        "onzin", "+", "Weg", "Gone", "", "+",         "Kale huur", "Rent", "euro", "homes"};
    talk t = {answers, 0, sizeof answers / sizeof *answers};
    must(wijk_load_describe(map, sizeof map, f->registry, path, WIJK_NL, answer, &t));
    assert_int_equal(t.at, t.count);
    assert_int_equal(wijk_load_describe(map, sizeof map, f->registry, path, WIJK_EN, answer, &t),
                     WIJK_EINVAL);

    wijk_load_report report;
    must(wijk_load_file(&report, f->store, f->registry, path, NULL, NULL));
    assert_int_equal(report.rows_kept, 4);
    assert_non_null(note_of(&report, "bad number", "gesloopt"));
    assert_non_null(note_of(&report, "duplicate", ""));
    wijk_load_report_free(&report);
    assert_true(value_of(f, "BU00010001", "own_woningen", 2024) == 200);
    assert_true(value_of(f, "BU00010001", "own_weg", 2024) == 4);
    assert_true(isnan(value_of(f, "BU00010002", "own_weg", 2024)));
    assert_true(value_of(f, "BU00010001", "own_kale_huur", 2024) == 601.5);
    assert_true(number_of(f->store, "SELECT count(*) FROM indicator WHERE own = 1 AND disclosure = "
                                    "'own_exact'") == 3);
    must(wijk_load_file(&report, f->store, f->registry, path, NULL, NULL));
    assert_true(report.unchanged);
    wijk_load_report_free(&report);

    /* A map that makes no sense is refused before anything is read. */
    remove(map);
    write_file(map, "code,publisher\nx,y\n\nsource,column,indicator\nx,a,#nonsense\n");
    assert_int_equal(wijk_load_file(&report, f->store, f->registry, path, NULL, NULL),
                     WIJK_EFORMAT);
    wijk_load_report_free(&report);
    t.at = t.count;
    remove(map);
    assert_int_equal(wijk_load_describe(map, sizeof map, f->registry, path, WIJK_EN, answer, &t),
                     WIJK_ECANCEL);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_good_rows_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_files, setup, teardown),
        cmocka_unit_test_setup_teardown(test_encoding_and_delimiter, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_layout, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lineage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_deriving_is_not_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(test_memory_runs_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_archives, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bombs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_huge_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_workbook, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hostile_workbooks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_workbook_without_memory, setup, teardown),
        cmocka_unit_test(test_half_a_copy),
        cmocka_unit_test_setup_teardown(test_shapes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_own_figures, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
