#include <fmt/format.h>

#include <fallline/error.hpp>

#include "data/label_collector.hpp"
#include "data/save/writer.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

void write_libsvm(const Dataset& data, AtomicFile& file) {
  std::string row;
  for (std::size_t i = 0; i < data.size(); ++i) {
    row = class_of(data, i);
    for (std::size_t d = 0; d < data.features(); ++d) {
      const float value = finite_cell(data, i, d);
      const bool tells_how_many = i == 0 && d + 1 == data.features();
      if (value != 0 || tells_how_many)
        fmt::format_to(std::back_inserter(row), " {}:{}", d + 1, value);
    }
    row += '\n';
    file.write(row);
  }
}

bool is_one_word(const std::string& name) {
  return !name.empty() && name.find_first_of(" \t\r\n\f\v:,#") == std::string::npos &&
         class_name(name) == name;
}

std::vector<OutputFile> plan_libsvm(const SavedParts& parts, const std::filesystem::path& path) {
  if (parts.train.labels().empty())
    throw usage_error("LIBSVM rows begin with a label, and the examples have none");
  require_text(parts.train.class_names(), "class");
  for (const std::string& name : parts.train.class_names())
    if (!is_one_word(name))
      throw usage_error(fmt::format("the class {} cannot be a LIBSVM label", shown(name)),
                        "a label is a whole number or a word without : , #; write csv or npz");
  return text_files(parts, path, ".svm", write_libsvm);
}

}  // namespace

const Writer libsvm_writer{
    .name = "libsvm", .description = "LIBSVM, indices from 1", .plan = plan_libsvm};

}  // namespace fallline::data
