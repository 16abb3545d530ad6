#include "data/foreign.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "data/text.hpp"

namespace fallline::data {
namespace {

using namespace std::string_view_literals;

struct Mark {
  std::string_view bytes;
  std::string_view kind;
};

constexpr std::string_view unpack_first = "unpack it first";
constexpr std::string_view convert_first = "convert it to CSV or NPZ first";

constexpr std::array packed{Mark{"BZh"sv, "bzip2"},
                            Mark{"\xFD"
                                 "7zXZ\0"sv,
                                 "xz"},
                            Mark{"\x28\xB5\x2F\xFD"sv, "zstd"},
                            Mark{"\x04\x22\x4D\x18"sv, "lz4"},
                            Mark{"7z\xBC\xAF\x27\x1C"sv, "7z"},
                            Mark{"Rar!\x1A\x07"sv, "RAR"},
                            Mark{"\x1F\x9D"sv, "compress (.Z)"},
                            Mark{"LZIP"sv, "lzip"}};

constexpr std::array tables{Mark{"PAR1"sv, "a Parquet file"},
                            Mark{"ARROW1"sv, "an Arrow (Feather) file"},
                            Mark{"FEA1"sv, "a Feather file"},
                            Mark{"ORC"sv, "an ORC file"},
                            Mark{"Obj\x01"sv, "an Avro file"},
                            Mark{"SQLite format 3\0"sv, "an SQLite database"},
                            Mark{"\x89HDF\r\n\x1A\n"sv, "an HDF5 file"},
                            Mark{"MATLAB 5.0 MAT-file"sv, "a MATLAB file"},
                            Mark{"MATLAB 7.3 MAT-file"sv, "a MATLAB file (HDF5)"},
                            Mark{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an Excel workbook (.xls)"},
                            Mark{"RDX2\n"sv, "an R data file"},
                            Mark{"RDX3\n"sv, "an R data file"},
                            Mark{"$FL2@(#)"sv, "an SPSS file"},
                            Mark{"<stata_dta>"sv, "a Stata file"}};

bool begins_with(std::string_view text, std::string_view mark) {
  return text.size() >= mark.size() &&
         std::equal(mark.begin(), mark.end(), text.begin(), [](unsigned char m, unsigned char c) {
           return std::tolower(m) == std::tolower(c);
         });
}

bool looks_like_text(std::string_view head) {
  return std::ranges::none_of(head, [](unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f;
  });
}

std::string_view without_blanks_before(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

std::string text_kind(std::string_view head) {
  const std::string_view text = without_blanks_before(head);
  for (const std::string_view mark : {"<!doctype html"sv, "<html"sv})
    if (begins_with(text, mark))
      return "it is a web page, as a download that failed leaves: fetch the file again";
  if (begins_with(text, "@relation"sv)) return "it is an ARFF file: " + std::string(convert_first);
  if (text.starts_with("%PDF-")) return "it is a PDF: find the data it was made from";
  if (begins_with(text, "<?xml"sv)) return "it is XML: " + std::string(convert_first);
  if (text.starts_with("version https://git-lfs"))
    return "it is a pointer of Git LFS, not the file: fetch that with 'git lfs pull'";
  if (text.starts_with("{\"") || text.starts_with("[{") || text.starts_with("[["))
    return "it is JSON: " + std::string(convert_first);
  return {};
}

std::vector<std::string_view> first_lines(std::string_view text) {
  constexpr std::size_t most = 10;
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < most) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

/// How many words each of `lines` has, and how many of those after the first line are numbers; 0
/// words where the lines differ.
struct Words {
  std::size_t a_line = 0;
  std::size_t numbers = 0;
};

Words count_words(const std::vector<std::string_view>& lines) {
  Words all;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::size_t words = 0;
    for (std::string_view rest = lines[i]; !rest.empty(); ++words) {
      const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
      if (i > 0 && double_number(rest.substr(0, end))) ++all.numbers;
      rest = trimmed(rest.substr(end));
    }
    if (i > 0 && words != all.a_line) return {};
    all.a_line = words;
  }
  return all;
}

bool have_pipes(const std::vector<std::string_view>& lines) {
  const auto pipes = [](std::string_view line) { return std::ranges::count(line, '|'); };
  return pipes(lines[0]) > 0 && std::ranges::all_of(lines, [&](std::string_view line) {
           return pipes(line) == pipes(lines[0]);
         });
}

}  // namespace

std::string foreign_kind(std::string_view head) {
  constexpr std::size_t tar_mark = 257;
  if (head.size() > tar_mark && head.substr(tar_mark).starts_with("ustar"))
    return "it is a tar archive: " + std::string(unpack_first);
  if (looks_like_text(head)) return text_kind(head);
  for (const auto& [bytes, kind] : packed)
    if (head.starts_with(bytes))
      return "it is packed with " + std::string(kind) + ": " + std::string(unpack_first);
  for (const auto& [bytes, kind] : tables)
    if (head.starts_with(bytes))
      return "it is " + std::string(kind) + ": " + std::string(convert_first);
  if (head.size() > 1 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5)
    return "it is a Python pickle, which is never read: fetch the binary version";
  if (head.starts_with("\x89PNG") || head.starts_with("\xFF\xD8\xFF"))
    return "it is one picture: name the directory that holds a folder of them for each class";
  if (head.starts_with("%PDF-")) return text_kind("%PDF-");
  return {};
}

std::string foreign_table(std::string_view head) {
  const auto lines = first_lines(head);
  if (lines.empty()) return {};
  if (lines[0].starts_with('#') || lines[0].starts_with('%'))
    return "it begins with a comment: remove the lines that begin with # or %, also further down";
  if (have_pipes(lines))
    return "its cells seem to be separated by '|': separate them by commas, tabs or semicolons";
  const Words words = count_words(lines);
  if (words.a_line > 1 && (words.numbers > 0 || lines.size() == 1))
    return "its cells seem to be separated by white space: separate them by commas, tabs or "
           "semicolons";
  return {};
}

}  // namespace fallline::data
