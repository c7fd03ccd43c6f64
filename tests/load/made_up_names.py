"""Common Salvadoran names, written here for made-up people; the commonest stand first."""

SURNAMES = """
Hernández Martínez López García Rodríguez Ramírez González Pérez Flores Rivera Cruz Vásquez Gómez Reyes Mejía Sánchez
Guevara Romero Ramos Chávez Aguilar Díaz Castro Alvarado Escobar Orellana Portillo Morales Ortiz Menjívar Alfaro Rivas
Ayala Bonilla Guzmán Mendoza Campos Cortez Molina Argueta Henríquez Castillo Torres Serrano Zelaya Barrera Velásquez
Amaya Fuentes Rosales Figueroa Melgar Jiménez Contreras Lemus Santos Carranza Cárcamo Pineda Benítez Moreno Quintanilla
Ventura Villalta Granados Peña Sorto Abrego Monterrosa Aguirre Deras Guardado Calderón Majano Umaña Navarro Ruiz
Salazar Arévalo Paz Cañas Marroquín Medina Cerritos Canales Turcios Lara Blanco Durán Linares Escalante Membreño
Iraheta Landaverde Tobar Delgado Polanco Ascencio Claros Lazo Mena Recinos Soriano Dubón Chicas Solórzano Perdomo
Villatoro Regalado Hidalgo Maravilla Cornejo Arias Rosa Platero Pacheco Quijano Valle Trejo Cisneros Salguero Sandoval
Magaña Cabrera Mancía Acosta Cáceres Corado Escamilla Aparicio Osorio Vides Vargas Gutiérrez Godoy Murcia Crespín
Galdámez Erazo Funes Lovo Jovel Nolasco Palacios Rauda Interiano Araujo Batres Zavala Zepeda Zamora Zaldaña Tejada
Trigueros Sibrián Sigüenza Segovia Saravia Samayoa Saca Rugamas Retana Quinteros Quezada Posada Pleitez
Pocasangre Peraza Panameño Padilla Olmedo Olivares Noyola Najarro Montoya Monge Miranda Merino Meléndez Mazariego Luna
Leiva Huezo Hurtado Grijalva Galeas Franco Espinoza Elías Duarte Domínguez Cuéllar Coto Chacón Bolaños Beltrán
Avelar Anaya
"""
JOINED = ("de León", "de la O", "del Cid", "de la Cruz", "de Paz", "San Martín")

MEN = """
José Juan Carlos Luis Antonio Francisco Manuel Miguel Jorge Mario Roberto Ángel Jesús David Rafael Ricardo Alexander
Oscar Mauricio Santos Ernesto Julio Pedro Salvador Víctor Edwin William Fernando Eduardo Héctor Alberto Daniel Walter
René Nelson Marvin Rigoberto Douglas Wilfredo Raúl Joaquín Rolando Alfredo Guillermo Kevin Elmer Jaime Ramón Samuel
Saúl Gerardo Javier Félix Gilberto Orlando Noé Cristian Henry Josué Diego Franklin Moisés Balmore Arnoldo Efraín
Vladimir Adalberto Isaías Elías Ismael Vicente Geovanny Bryan Jonathan Ulises Abel Amílcar Baltazar Cándido Dagoberto
Emilio Evaristo Fidel Gustavo Hugo Humberto Ignacio Lorenzo Marcos Nahúm Neftalí Otoniel Pablo Reinaldo Rubén Sergio
Tomás Wilber Yonatan Misael Marcelino
"""

WOMEN = """
María Ana Rosa Marta Blanca Gloria Sandra Carmen Claudia Silvia Patricia Elizabeth Morena Karla Glenda Sonia Roxana
Yesenia Jessica Verónica Delmy Reina Evelyn Dora Teresa Wendy Xiomara Mirna Sara Lilian Norma Cecilia Marina Guadalupe
Rosario Mercedes Concepción Francisca Julia Karen Ingrid Beatriz Yanira Elena Margarita Maritza Nancy Fátima Iris
Irma Daysi Vilma Milagro Lorena Lucía Isabel Estela Juana Katherine Gabriela Alejandra Ruth Ester Noemí Abigail Alicia
Amanda Berta Brenda Celia Consuelo Digna Dinora Emérita Esmeralda Flor Griselda Haydee Idalia Jacqueline Josefina
Keny Leticia Lidia Luz Magdalena Maribel Mónica Nelly Oralia Paula Rebeca Rosibel Susana Tatiana Yolanda Zoila Nohemy
Victoria Antonia Graciela Soledad
"""
