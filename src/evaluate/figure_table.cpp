#include "evaluate/figure_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace tripost {
namespace {

std::string joined(const std::vector<std::string>& cells, const char* before, const char* between,
                   const char* after) {
  return fmt::format("{}{}{}\n", before, fmt::join(cells, between), after);
}

bool continues_group(const FigureTable& table, std::size_t column) {
  return column > 0 && !table.columns[column].group.empty() &&
         table.columns[column].group == table.columns[column - 1].group;
}

std::vector<std::string> heads_of(const FigureTable& table, bool with_group) {
  std::vector<std::string> heads;
  for (const FigureColumn& column : table.columns)
    heads.push_back(with_group && !column.group.empty() ? column.group + " " + column.head
                                                        : column.head);
  return heads;
}

std::vector<std::size_t> widths_of(const FigureTable& table) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::size_t width = table.columns[i].head.size();
    for (const auto& row : table.rows) width = std::max(width, row[i].size());
    widths.push_back(width);
  }
  return widths;
}

const char* gap_before(const FigureTable& table, std::size_t column) {
  return column == 0 ? "" : continues_group(table, column) ? " " : "  ";
}

std::string without_blanks_at_end(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string text_line(const FigureTable& table, const std::vector<std::string>& cells,
                      const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += gap_before(table, i);
    line += table.columns[i].words ? fmt::format("{:<{}}", cells[i], widths[i])
                                   : fmt::format("{:>{}}", cells[i], widths[i]);
  }
  return without_blanks_at_end(std::move(line));
}

// The names of the groups above the first of their columns; empty without any.
std::string group_line(const FigureTable& table, const std::vector<std::size_t>& widths) {
  std::string line;
  std::size_t position = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    position += std::string(gap_before(table, i)).size();
    if (!table.columns[i].group.empty() && !continues_group(table, i)) {
      line.resize(std::max(line.size(), position), ' ');
      line += table.columns[i].group;
    }
    position += widths[i];
  }
  return line.empty() ? "" : line + "\n";
}

}  // namespace

std::string text_of(const FigureTable& table) {
  const auto widths = widths_of(table);
  std::string text = group_line(table, widths) + text_line(table, heads_of(table, false), widths);
  for (const auto& row : table.rows) text += text_line(table, row, widths);
  return text;
}

std::string markdown_of(const FigureTable& table) {
  std::string text = joined(heads_of(table, true), "| ", " | ", " |");
  for (const FigureColumn& column : table.columns) text += column.words ? "|---" : "|---:";
  text += "|\n";
  for (const auto& row : table.rows) text += joined(row, "| ", " | ", " |");
  return text;
}

std::string latex_of(const FigureTable& table) {
  const auto line = [](std::vector<std::string> cells) {
    std::transform(cells.begin(), cells.end(), cells.begin(), escaped_for_latex);
    return joined(cells, "", " & ", " \\\\");
  };
  std::string text = "\\begin{tabular}{";
  for (const FigureColumn& column : table.columns) text += column.words ? 'l' : 'r';
  text += "}\n\\hline\n" + line(heads_of(table, true)) + "\\hline\n";
  for (const auto& row : table.rows) text += line(row);
  return text + "\\hline\n\\end{tabular}\n";
}

std::string escaped_for_latex(const std::string& text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.compare(i, 2, "->") == 0) {
      escaped += "$\\to$";
      ++i;
    } else if (c == '<') {
      escaped += "$<$";
    } else {
      if (c == '%' || c == '_' || c == '&' || c == '#') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace tripost
