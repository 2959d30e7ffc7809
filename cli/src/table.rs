//! Rows under a head, each column as wide as its widest cell.

use crate::render::{Line, Look, Out};

/// A table that is printed when it is whole.
pub struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<Line>>,
}

impl Table {
    pub fn new(head: &[&'static str]) -> Table {
        Table {
            head: head.to_vec(),
            rows: Vec::new(),
        }
    }

    pub fn row(&mut self, cells: Vec<Line>) {
        self.rows.push(cells);
    }

    pub fn print(&self, out: &Out) {
        let wide = |at: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(at))
                .map(Line::width)
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = self
            .head
            .iter()
            .enumerate()
            .map(|(at, title)| wide(at).max(title.chars().count()))
            .collect();
        let head = self
            .head
            .iter()
            .map(|title| Line::new().look(Look::Quiet, title))
            .collect::<Vec<_>>();
        for row in std::iter::once(&head).chain(&self.rows) {
            let mut line = Line::new();
            for (cell, width) in row.iter().zip(&widths) {
                let gap = " ".repeat(width.saturating_sub(cell.width()) + 2);
                line = line.append(cell.clone()).text(gap);
            }
            out.line(line);
        }
    }
}
